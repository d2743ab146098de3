"""What is read or taken away from the whole screen: pages over the desk, the brief, the picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crashdesk.desk.layout import READER_WIDTH

if TYPE_CHECKING:
    from crashdesk.desk.app import CrashDesk
    from crashdesk.desk.errands import Errands
    from crashdesk.model.ports import Clock


class Pages:
    """Opens pages and sends for what goes into files."""

    def __init__(self, app: CrashDesk, errands: Errands, clock: Clock) -> None:
        self._app, self._errands, self._clock = app, errands, clock

    def open(self, title: str, text: str) -> None:
        """A page of text, as wide as is good to read."""
        from crashdesk.desk.reader import text_page

        width = max(20, min(self._app.size.width, READER_WIDTH) - 4)
        self._app.desk.read(title, partial(text_page, text, width))

    def write_brief(self) -> None:
        """The brief of this moment: on the screen and in a file."""
        self._app.run_worker(self._errands.brief(), exclusive=True, group="brief")

    def take_picture(self) -> None:
        """The screen as SVG in a file."""
        from crashdesk.desk.picture import export_svg  # only when it is wanted: the export loads much

        view = self._app.view
        as_of_ms = view.now_ms if view is not None else self._clock.now_ms()
        self._app.run_worker(self._errands.picture(export_svg(self._app), as_of_ms), group="picture")
