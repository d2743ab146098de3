"""The page of the stress gauge: every part with its weight, its value, its place in the past, and what it is."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from crashdesk.desk.messages import OpenPage, Say
from crashdesk.session import stress_words as words
from crashdesk.session.stress_past import stress_of
from crashdesk.session.stress_views import SCALES, StressView

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from crashdesk.session.desklink import DeskLink


def open_stress(app: MessagePump, link: DeskLink) -> None:
    """Open the page as soon as the thread that folds has looked into the past."""
    link.ask(stress_of).add_done_callback(partial(_opened, app))


def _opened(app: MessagePump, done: Future[StressView]) -> None:
    error = done.exception()
    if error is None:
        app.post_message(OpenPage("Stress", stress_page(done.result())))
    else:
        app.post_message(Say(f"stress: {error}", severity="warning"))


def stress_page(view: StressView) -> str:
    """The text of the page."""
    rows = [words.HEAD, *words.rows(view)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(words.HEAD))]
    lines = [words.head(view), ""]
    for row in rows:
        cells = [
            cell.ljust(width) if place in {0, len(row) - 1} else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines += ["", words.MEANING, "", words.PAST, "", "PARTS"]
    lines += [f"{kind.value}: {scale.definition}" for kind, scale in SCALES.items()]
    return "\n".join(lines)
