"""The liquidations of a state as they are shown."""

from __future__ import annotations

from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.model.times import SECOND_MS
from crashdesk.session.liquidation_views import LiquidationsView, WindowTotals
from crashdesk.session.liquidations.book import WINDOWS, LiquidationBook
from crashdesk.session.state import MarketState

USUAL_WINDOW = "24h"


def liquidations_view(state: MarketState, shown: str = USUAL_WINDOW, free_ms: int | None = None) -> LiquidationsView:
    """All windows, the parts of the one called `shown` (an unknown name: 24h), and what was seen of each venue.

    `free_ms` is the width of the free window, held to between 1 minute and 24 hours; None leaves it out. One that is as
    wide as a fixed window is that window.
    """
    book = state.liquidations
    names = dict(WINDOWS)
    width = None if free_ms is None else min(max(free_ms, MINUTE_MS), DAY_MS)
    if width is not None and width not in names.values():
        book.set_free(width)
        names[window_name(width)] = width
    windows = _window_totals(book, names)
    place = next((n for n, name in enumerate(names) if name == shown), len(WINDOWS) - 1)
    by_venue, by_coin = book.groups(place)
    return LiquidationsView(
        windows=windows,
        by_venue=by_venue,
        by_coin=by_coin,
        minutes=book.minute_series(),
        coverage=state.health.coverage(state.now_ms, state.start_ms, tuple(names.values())),
        by_size=book.sizes(place),
        largest=book.largest(place),
        shown=windows[place].name,
    )


def window_name(width_ms: int) -> str:
    """A width in its largest whole unit: 15m, 2h, 90s."""
    for unit_ms, unit in ((HOUR_MS, "h"), (MINUTE_MS, "m"), (SECOND_MS, "s")):
        if width_ms % unit_ms == 0:
            return f"{width_ms // unit_ms}{unit}"
    return f"{width_ms}ms"


def _window_totals(book: LiquidationBook, names: dict[str, int]) -> tuple[WindowTotals, ...]:
    return tuple(
        WindowTotals(name, width, book.totals(n), next(iter(book.largest(n, 1)), None))
        for n, (name, width) in enumerate(names.items())
    )
