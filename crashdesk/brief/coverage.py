"""What the liquidation totals of a brief rest on: which venues were seen, in which window, and which were not."""

from collections.abc import Iterable
from typing import NamedTuple

from crashdesk.model.kinds import Method
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import CoverageRow, LiquidationsView, Totals, WindowTotals

_FEW_SECONDS_MS, _FEW_MINUTES_MS = 100_000, 100 * MINUTE_MS
_WHOLE = 0.995
"""A share from which on a window counts as seen whole."""
NO_TOTALS = Totals(0, 0, 0, 0)


class Seen(NamedTuple):
    """The venues behind the total of one window, and those known to be missing from it."""

    venues: tuple[str, ...]
    missing: tuple[str, ...]


class VenueRow(NamedTuple):
    """A venue's sums in the window shown and its coverage; `connected` is the part of that window, 0 to 1."""

    name: str
    totals: Totals
    coverage: CoverageRow | None
    connected: float

    @property
    def known(self) -> bool:
        """Whether its sums are known: nothing seen because nobody looked is unknown, not zero."""
        return self.totals.orders > 0 or self.connected > 0


def share(row: CoverageRow, place: int) -> float:
    """The part of a window, by its place, in which a feed was connected, 0 to 1."""
    return row.connected[place] if place < len(row.connected) else row.connected_share


def venue_rows(view: LiquidationsView) -> tuple[VenueRow, ...]:
    """Venues by USD of the window shown, then those that gave nothing, the ones without a feed last."""
    covered = {row.venue: row for row in view.coverage}
    names = [named.name for named in view.by_venue]
    silent = sorted((row for row in view.coverage if row.venue not in names), key=lambda row: row.method is Method.NONE)
    rows = [(named.name, named.totals, covered.get(named.name)) for named in view.by_venue]
    rows += [(row.venue, NO_TOTALS, row) for row in silent]
    place = place_shown(view)
    return tuple(VenueRow(name, totals, row, share(row, place) if row else 0.0) for name, totals, row in rows)


def place_shown(view: LiquidationsView) -> int:
    """Which of the windows is shown: the last one when none has its name."""
    return next(
        (place for place, window in enumerate(view.windows) if window.name == view.shown), len(view.windows) - 1
    )


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


def window_name(window: WindowTotals, recorded_ms: int) -> str:
    """`24h`, or `24h*` when the recording is younger (`recorded_ms`) than the window."""
    return f"{window.name}*" if recorded_ms < window.width_ms else window.name


def shown_name(view: LiquidationsView, recorded_ms: int) -> str:
    """The same of the window that is shown."""
    return window_name(view.windows[place_shown(view)], recorded_ms) if view.windows else view.shown


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
    if recorded_ms < view.windows[last].width_ms:
        said.append(f"A window marked * is longer than the recording, which covers {recorded_words(recorded_ms)}.")
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
