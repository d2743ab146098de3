"""The themes of a desk and the one that it wears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo

from crashdesk.config.settings import DeskSettings
from crashdesk.config.theme import Theme
from crashdesk.config.themes import pick_theme
from crashdesk.desk.glyphs import glyphs_for
from crashdesk.desk.look import Look
from crashdesk.desk.paint import make_palette


class Wardrobe:
    """Picks themes by id and makes looks of them. Without `colour` no colours are used (NO_COLOR)."""

    def __init__(self, themes: Mapping[str, Theme], settings: DeskSettings, *, colour: bool) -> None:
        self._themes = themes
        self._settings = settings
        self._colour = colour
        self.worn = pick_theme(themes, settings.theme)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Id and title of every theme; only then are all of them read."""
        return ((theme.id, theme.title) for theme in self._themes.values())

    def wear(self, theme_id: str) -> bool:
        """Change the theme; False when there is no such theme or it is worn already."""
        if theme_id == self.worn.id or theme_id not in self._themes:
            return False
        self.worn = self._themes[theme_id]
        return True

    def look(self) -> Look:
        """Colours, glyphs and zone."""
        settings = self._settings
        palette = make_palette(self.worn, colour=self._colour)
        glyphs = glyphs_for(plain_ascii=settings.ascii)
        return Look(palette, glyphs, _zone(settings.timezone), settings.timezone)


def _zone(name: str) -> tzinfo:
    """The zone of that IANA name; UTC needs no zone files."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
