"""Arranges the desk's panes in a layout, and in another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from crashdesk.config.layout_file import pick_layout
from crashdesk.config.layouts import PaneLayout

if TYPE_CHECKING:
    from crashdesk.desk.app import CrashDesk


class Furnisher:
    """The desk puts its panes as a layout says; `keep` is told what was chosen."""

    def __init__(
        self, app: CrashDesk, layouts: Mapping[str, PaneLayout], layout_id: str, keep: Callable[[str], None]
    ) -> None:
        self._app = app
        self._layouts = layouts
        self._keep = keep
        self.used = pick_layout(layouts, layout_id)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Id and title of every layout, in the order of the key that goes through them."""
        return ((layout.id, layout.title) for layout in self._layouts.values())

    def use(self, layout_id: str) -> None:
        """Arrange everything in another layout."""
        layout = self._layouts.get(layout_id)
        if layout is not None and layout != self.used:
            self.used = layout
            self._app.desk.furnish(layout)

    def choose(self, layout_id: str) -> None:
        """Arrange everything in another layout, the next time too."""
        self.use(layout_id)
        self._keep(layout_id)

    def go_on(self) -> None:
        """To the layout behind the one that is used."""
        ids = list(self._layouts)
        place = ids.index(self.used.id) + 1 if self.used.id in ids else 0
        self.choose(ids[place % len(ids)])
