"""What the liquidation totals of a brief rest on: which venues were seen, in which window, and which were not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.model.records import Method
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import CoverageRow, LiquidationsView

_FEW_SECONDS_MS, _FEW_MINUTES_MS = 100_000, 100 * MINUTE_MS
_WHOLE = 0.995
"""A share from which on a window counts as seen whole."""


class Seen(NamedTuple):
    """The venues behind the total of one window, and those known to be missing from it."""

    venues: tuple[str, ...]
    missing: tuple[str, ...]


def share(row: CoverageRow, place: int) -> float:
    """The part of a window, by its place, in which a feed was connected, 0 to 1."""
    return row.connected[place] if place < len(row.connected) else row.connected_share


def seen_by_window(view: LiquidationsView) -> tuple[Seen, ...]:
    """Who is behind each of the view's windows."""
    return tuple(_seen(view.coverage, place) for place in range(len(view.windows)))


def _seen(rows: Iterable[CoverageRow], place: int) -> Seen:
    behind = {row.venue: row.method is not Method.NONE and share(row, place) > 0 for row in rows}
    venues = tuple(name for name, seen in behind.items() if seen)
    return Seen(venues, tuple(name for name, seen in behind.items() if not seen))


def recorded_words(ms: int) -> str:
    """For how long something has been recorded: `40 s`, `47 min`, `4.0 h`."""
    if ms < _FEW_SECONDS_MS:
        return f"{ms // 1000} s"
    return f"{ms // MINUTE_MS} min" if ms < _FEW_MINUTES_MS else f"{ms / HOUR_MS:.1f} h"


def part_of(window: str, width_ms: int, recorded_ms: int) -> str:
    """What a share of a window is a part of: `24h`, or `the 40 s recorded` when that is less."""
    return f"the {recorded_words(recorded_ms)} recorded" if recorded_ms < width_ms else window


def sentences(view: LiquidationsView, recorded_ms: int) -> tuple[str, ...]:
    """What stands beside the totals: how many venues they rest on, who is missing and why, who was seen in part.

    A recording of `recorded_ms` that is shorter than the longest window says of how long it speaks.
    """
    last = len(view.windows) - 1
    seen = _seen(view.coverage, last)
    said = [f"Observed in the public feeds of {len(seen.venues)} of {len(view.coverage)} venues: a floor."]
    said[0] += " Orders, not accounts."
    missing = [_missing(row) for row in view.coverage if row.venue in seen.missing]
    if missing:
        said.append(f"Missing from every total: {'; '.join(missing)}.")
    parts = [(row.venue, share(row, last)) for row in view.coverage if row.venue in seen.venues]
    partly = [f"{venue} {100 * part:.0f} %" for venue, part in parts if part < _WHOLE]
    if partly:
        window = view.windows[last]
        whole = part_of(window.name, window.width_ms, recorded_ms)
        said.append(f"Connected for a part of {whole}: {', '.join(partly)}.")
    return tuple(said)


def _missing(row: CoverageRow) -> str:
    why = row.detail.rstrip(".") or ("no public feed" if row.method is Method.NONE else row.state.value)
    return f"{row.venue} ({why})"


def set_aside(view: LiquidationsView) -> str:
    """`Rows set aside: okx 3 (unknown symbol 2, missing price 1)`; empty when every row was trusted."""
    rows = [row for row in view.coverage if row.set_aside]
    return f"Rows set aside: {'; '.join(map(_aside, rows))}." if rows else ""


def _aside(row: CoverageRow) -> str:
    reasons = ", ".join(f"{reason} {rows:,}" for reason, rows in row.reasons)
    return f"{row.venue} {row.set_aside:,}" + (f" ({reasons})" if reasons else "")
