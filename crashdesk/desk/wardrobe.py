"""The themes of a desk and the one that it wears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo

from crashdesk.config.settings import DeskSettings
from crashdesk.config.theme import MONO, Theme
from crashdesk.config.theme_file import DEFAULT_THEME
from crashdesk.config.themes import pick_theme
from crashdesk.desk.glyphs import glyphs_for
from crashdesk.desk.look import Look
from crashdesk.desk.paint import make_palette


class Wardrobe:
    """Picks themes by id and makes looks of them. Without `colour` everything is drawn as in `MONO` (NO_COLOR)."""

    def __init__(self, themes: Mapping[str, Theme], theme_id: str, settings: DeskSettings, *, colour: bool) -> None:
        self._themes = themes
        self._settings = settings
        self._colour = colour
        self._wanted = theme_id or DEFAULT_THEME
        self.worn = pick_theme(themes, self._wanted)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Id and title of every theme, the one worn first; only then are all of them read."""
        others = (theme for theme in self._themes.values() if theme.id != self.worn.id)
        return ((theme.id, theme.title) for theme in (self.worn, *others))

    def wear(self, theme_id: str) -> bool:
        """Change the theme; False when there is no such theme or it is worn already."""
        if theme_id not in self._themes:
            return False
        self._wanted = theme_id
        return self._change(self._themes[theme_id])

    def restock(self, themes: Mapping[str, Theme]) -> bool:
        """Other themes; whether what is worn changes by that. One that is gone is worn on."""
        self._themes = themes
        return self._wanted in themes and self._change(themes[self._wanted])

    @property
    def drawn(self) -> Theme:
        """The theme that is worn, without colours where there shall be none."""
        return self.worn if self._colour else MONO._replace(id=self.worn.id)

    def look(self) -> Look:
        """Colours, glyphs and zone."""
        settings = self._settings
        palette = make_palette(self.drawn)
        glyphs = glyphs_for(plain_ascii=settings.ascii)
        return Look(palette, glyphs, _zone(settings.timezone), settings.timezone)

    def _change(self, theme: Theme) -> bool:
        before, self.worn = self.worn, theme
        return before != theme


def _zone(name: str) -> tzinfo:
    """The zone of that IANA name; UTC needs no zone files."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
