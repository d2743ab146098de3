"""Draws the desk in a theme, and in another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual.app import App

from crashdesk.config.theme import Theme
from crashdesk.desk.paint import textual_theme
from crashdesk.desk.wardrobe import Wardrobe

if TYPE_CHECKING:
    from crashdesk.desk.app import CrashDesk


class Dresser:
    """Panes get the theme's look, Textual's own widgets (toasts) its colours. `keep` is told what was chosen."""

    def __init__(self, app: CrashDesk, wardrobe: Wardrobe, keep: Callable[[str], None]) -> None:
        self._app = app
        self._wardrobe = wardrobe
        self._keep = keep
        self._name_it()

    def begin(self) -> None:
        """The app runs: Textual is told of the terminal's own colours, or its widgets would replace them by others."""
        if self._app.current_theme.ansi:
            self._app.mutate_reactive(App.theme)

    def use(self, theme_id: str) -> None:
        """Draw everything in another theme."""
        if self._wardrobe.wear(theme_id):
            self._dress()

    def choose(self, theme_id: str) -> None:
        """Draw everything in another theme, the next time too."""
        self.use(theme_id)
        self._keep(theme_id)

    def take(self, themes: Mapping[str, Theme]) -> None:
        """The themes as they are in their files now."""
        if self._wardrobe.restock(themes):
            self._dress()

    def _dress(self) -> None:
        self._name_it()
        # also when a theme of the same name has other colours now
        self._app.mutate_reactive(App.theme)
        self._app.desk.restyle(self._wardrobe.look())

    def _name_it(self) -> None:
        self._app.register_theme(textual_theme(self._wardrobe.drawn))
        self._app.set_reactive(App.theme, self._wardrobe.worn.id)
