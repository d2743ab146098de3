"""Which venue prices and candles of a symbol come from: the first in config order that lists it and works."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, EventKind, HealthState, PriceSource, Record
from crashdesk.venues.errors import Fault
from crashdesk.venues.pace import Pace

Emit = Callable[[list[Record]], None]
_NAMED = 3
_LATE_COUNTS = 2
"""A poll that had no answer in time has taken as long as several failures: 45 s of old prices are enough."""
_REFUSED = (HealthState.UNREACHABLE, HealthState.GONE)


class _Venue:
    """What is known of one venue's tickers. `well_ms` is since when they work, None while they do not or never did."""

    def __init__(self) -> None:
        self.symbols: frozenset[str] = frozenset()
        self.failures = 0
        self.well_ms: int | None = None
        self.heard = False


class PriceSources:
    """Chooses, writes `PriceSource`, and tells listeners when a symbol's venue changes.

    At the start a preferred venue that has not answered yet is waited for (`settle`). A venue is left after more than
    `source_failures` failed polls of its tickers, at once when it refuses; the preferred one gets its symbols back once
    it has been well for `source_back`.
    """

    def __init__(self, order: tuple[str, ...], clock: Clock, emit: Emit, pace: Pace) -> None:
        self._order = order
        self._clock = clock
        self._emit = emit
        self._pace = pace
        self._started_ms = clock.now_ms()
        self._venues = {venue: _Venue() for venue in order}
        self._chosen: dict[str, str] = {}
        self._listeners: list[Callable[[], None]] = []
        self._all_heard = asyncio.Event()
        self._hear()

    def on_switch(self, listener: Callable[[], None]) -> None:
        """`listener` is called after symbols have got a new venue."""
        self._listeners.append(listener)

    def venue_of(self, symbol: str) -> str | None:
        """The symbol's venue, None before one is chosen."""
        return self._chosen.get(symbol)

    def symbols_of(self, venue: str) -> list[str]:
        """The symbols that have this venue, in the order in which they were chosen."""
        return [symbol for symbol, chosen in self._chosen.items() if chosen == venue]

    async def all_heard(self) -> None:
        """Wait until every venue of prices has answered or failed, `settle` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.settle):
                await self._all_heard.wait()

    def lists(self, venue: str, symbols: Iterable[str]) -> None:
        """The venue polls these symbols (and no others)."""
        self._venues[venue].symbols = frozenset(symbols)
        self.choose()

    def works(self, venue: str) -> None:
        """A poll of the venue's tickers came back."""
        state = self._venues[venue]
        state.failures, state.heard = 0, True
        self._hear()
        if state.well_ms is None:
            state.well_ms = self._clock.now_ms()
        self.choose()

    def fails(self, venue: str, fault: Fault) -> None:
        """A poll of the venue's tickers failed."""
        state = self._venues[venue]
        state.failures += _LATE_COUNTS if fault.late else 1
        state.heard = True
        self._hear()
        if fault.state in _REFUSED or state.failures > self._pace.source_failures:
            state.well_ms = None
        self.choose()

    def _hear(self) -> None:
        if all(state.heard for state in self._venues.values()):
            self._all_heard.set()

    def choose(self) -> None:
        """Give every symbol its venue, and write what changed."""
        now = self._clock.now_ms()
        wanted = {symbol for venue in self._order for symbol in self._venues[venue].symbols}
        switched: list[tuple[str, str | None, str]] = []
        for symbol in sorted(wanted):
            old = self._chosen.get(symbol)
            new = self._best(symbol, old, now)
            if new is not None and new != old:
                self._chosen[symbol] = new
                switched.append((symbol, old, new))
        gone = [symbol for symbol in self._chosen if symbol not in wanted]
        for symbol in gone:
            del self._chosen[symbol]
        if switched:
            self._tell(switched, now)

    def _best(self, symbol: str, old: str | None, now: int) -> str | None:
        waiting = now - self._started_ms < 1000 * self._pace.settle
        for venue in self._order:
            state = self._venues[venue]
            if old is None and not state.heard and waiting:
                return None
            if symbol not in state.symbols or state.well_ms is None:
                continue
            if old in (None, venue) or not self._works_for(old, symbol):
                return venue
            if now - state.well_ms >= 1000 * self._pace.source_back:
                return venue
        return old if old is not None and self._works_for(old, symbol) else None

    def _works_for(self, venue: str | None, symbol: str) -> bool:
        state = self._venues.get(venue) if venue is not None else None
        return state is not None and symbol in state.symbols and state.well_ms is not None

    def _tell(self, switched: list[tuple[str, str | None, str]], now: int) -> None:
        self._emit([PriceSource(symbol, new, now) for symbol, _, new in switched])
        moves: dict[tuple[str, str], list[str]] = {}
        for symbol, old, new in switched:
            if old is not None:
                moves.setdefault((old, new), []).append(symbol)
        if moves:
            self._emit([_switch(symbols, old, new, now) for (old, new), symbols in moves.items()])
        for listener in self._listeners:
            listener()


def _switch(symbols: list[str], old: str, new: str, now_ms: int) -> Event:
    """One event however many symbols move."""
    if len(symbols) == 1:
        text = f"{symbols[0]}: prices from {new}, not {old}"
        return Event(EventKind.SOURCE_SWITCH, now_ms, now_ms, text, new, symbols[0])
    more = ", ..." if len(symbols) > _NAMED else ""
    text = f"{len(symbols)} symbols ({', '.join(symbols[:_NAMED])}{more}): prices from {new}, not {old}"
    return Event(EventKind.SOURCE_SWITCH, now_ms, now_ms, text, new)
