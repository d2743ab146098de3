"""How far an import is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from crashdesk.cli.context import Context
from crashdesk.cli.copying import progress
from crashdesk.model.records import Batch

Told = Callable[[int, int], None]
"""(done, of how much), in whatever unit."""
Shown = Callable[[str], Told]
"""By what is being done."""
EACH = 5_000
"""Rows between two times that it is told."""


def shown_by(context: Context) -> Shown:
    """Shows each step on a terminal, nothing elsewhere."""
    return lambda doing: progress(context, doing) or silent


def silent(_done: int, _whole: int) -> None:
    """For who does not want to know."""


def counted(frames: Iterable[Batch], whole: int, told: Told) -> Iterator[Batch]:
    """The frames as they are; `told` is told how many of the `whole` records have passed."""
    passed = due = 0
    for frame in frames:
        yield frame
        passed += len(frame.records)
        if passed >= due:
            due = passed + EACH
            told(min(passed, whole - 1), whole)
    told(whole, whole)
