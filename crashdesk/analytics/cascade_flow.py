"""Liquidated money in time: second by second for the window and the cascade that runs, by minute for the last day."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

from crashdesk.model.records import Liquidation, Side
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.model.words import coin_of

SECOND_MS = 1_000
HISTORY_MINUTES = DAY_MS // MINUTE_MS
"""The trailing span of medians and of σ."""
LEAST_HISTORY = 30
"""So many windows (and minute returns) must be known before anything is called unusual."""


class Cell:
    """The orders of one second of `ts_ms`: sums in micro-dollars, first and last time."""

    __slots__ = ("coins", "first_ms", "last_ms", "long", "orders", "total", "venues")

    def __init__(self, ts_ms: int) -> None:
        self.first_ms = self.last_ms = ts_ms
        self.total = self.long = self.orders = 0
        self.venues: dict[str, int] = {}
        self.coins: dict[str, int] = {}

    def add(self, row: Liquidation) -> None:
        """One order more."""
        usd, coin = row.usd_micro, coin_of(row.symbol)
        self.total += usd
        self.orders += 1
        if row.side is Side.LONG:
            self.long += usd
        self.first_ms = min(self.first_ms, row.ts_ms)
        self.last_ms = max(self.last_ms, row.ts_ms)
        self.venues[row.venue] = self.venues.get(row.venue, 0) + usd
        self.coins[coin] = self.coins.get(coin, 0) + usd


class Span(NamedTuple):
    """Sums over a span of seconds, micro-dollars; venues and coins with the most first, then by name."""

    total: int
    long: int
    orders: int
    last_ms: int
    venues: tuple[str, ...]
    coins: tuple[str, ...]


class Flow:
    """The window (now - W, now], in whole seconds, and what went before it."""

    def __init__(self, window_ms: int) -> None:
        self._width = window_ms // SECOND_MS
        self._minutes_wide = window_ms // MINUTE_MS
        self._cells: dict[int, Cell] = {}
        self._low = self._high = 0  # the window is [low, high), in seconds
        self.total = 0
        self.long = 0
        self._minutes: dict[int, int] = {}
        self._watched: set[int] = set()
        self._usual: tuple[int, float | None] = (-1, None)

    @property
    def window(self) -> tuple[int, int]:
        """[first second, second behind the last one) of the window."""
        return self._low, self._high

    def load(self, minutes: Iterable[tuple[int, int]], watched: Iterable[int]) -> None:
        """History: (minute of `ts_ms`, micro-dollars), and the minutes in which somebody watched."""
        for minute, usd in minutes:
            self._minutes[minute] = self._minutes.get(minute, 0) + usd
        self._watched.update(watched)

    def add(self, row: Liquidation, since: tuple[int, int] | None) -> None:
        """One order. `since` is (second, ms) where the cascade that runs has begun.

        What is older than the window and the cascade only counts for its minute.
        """
        minute = row.ts_ms // MINUTE_MS
        self._minutes[minute] = self._minutes.get(minute, 0) + row.usd_micro
        second = row.ts_ms // SECOND_MS
        if since is not None and second == since[0] and row.ts_ms < since[1]:
            second -= 1  # a late row before the first order: the first second of a cascade begins with that order
        if second < (self._low if since is None else min(self._low, since[0])):
            return
        cell = self._cells.get(second)
        if cell is None:
            cell = self._cells[second] = Cell(row.ts_ms)
        cell.add(row)
        if self._low <= second < self._high:
            self.total += row.usd_micro
            self.long += row.usd_micro if row.side is Side.LONG else 0

    def watch(self, now_ms: int) -> None:
        """Somebody watched at `now_ms`."""
        self._watched.add(now_ms // MINUTE_MS)

    def advance(self, high: int, keep_from: int | None) -> None:
        """The window now ends before the second `high`. Cells from `keep_from` on are kept beyond the window."""
        low = high - self._width
        if high - self._high > self._width:
            self.total = self.long = 0
            self._high = self._low = low
        for second in range(self._high, high):
            self._count(second, 1)
        for second in range(self._low, low):
            self._count(second, -1)
        self._low, self._high = low, high
        least = low if keep_from is None else min(low, keep_from)
        cells = self._cells
        while cells and (first := next(iter(cells))) < least:
            del cells[first]
        if len(cells) > 2 * self._width:  # some came late, behind younger ones
            self._cells = {second: cell for second, cell in cells.items() if second >= least}

    def _count(self, second: int, sign: int) -> None:
        cell = self._cells.get(second)
        if cell is not None:
            self.total += sign * cell.total
            self.long += sign * cell.long

    def usual(self) -> float | None:
        """The median of all windows of whole minutes that ended in the 24 h before this window began.

        Windows in which a minute was not watched are left out. None with fewer than `LEAST_HISTORY`.
        """
        border = self._low * SECOND_MS // MINUTE_MS
        if self._usual[0] != border:
            self._tidy(border)
            self._usual = border, self._median(border)
        return self._usual[1]

    def _median(self, border: int) -> float | None:
        wide, sums, watched = self._minutes_wide, self._minutes, self._watched
        found: list[int] = []
        running = unwatched = 0
        first = border - HISTORY_MINUTES - wide
        for minute in range(first, border):
            running += sums.get(minute, 0)
            unwatched += minute not in watched
            if minute >= first + wide:
                running -= sums.get(minute - wide, 0)
                unwatched -= minute - wide not in watched
                if not unwatched:
                    found.append(running)
        return median(found) if len(found) >= LEAST_HISTORY else None

    def _tidy(self, border: int) -> None:
        least = border - HISTORY_MINUTES - self._minutes_wide
        if len(self._minutes) > 2 * HISTORY_MINUTES:
            self._minutes = {minute: usd for minute, usd in self._minutes.items() if minute >= least}
        if len(self._watched) > 2 * HISTORY_MINUTES:
            self._watched = {minute for minute in self._watched if minute >= least}

    def first_from(self, pace: float, not_before: int) -> tuple[int, int] | None:
        """(second, its first order's time) of the first order from which on the flow keeps the pace.

        That is: every span from that second on, up to the window's end, brings at least `pace` micro-dollars a second.
        """
        found: int | None = None
        ahead = 0.0  # the least that any span from here on brings above the pace
        for second in range(self._high - 1, max(self._low, not_before) - 1, -1):
            cell = self._cells.get(second)
            mine = (cell.total if cell is not None else 0) - pace
            if cell is not None and mine + min(0.0, ahead) >= 0:
                found = second
            ahead = mine + min(0.0, ahead)
        return None if found is None else (found, self._cells[found].first_ms)

    def last_to(self, pace: float, not_before: int) -> int | None:
        """The last second with orders up to which the flow kept the pace: the mirror of `first_from`."""
        found: int | None = None
        behind = 0.0
        for second in range(max(self._low, not_before), self._high):
            cell = self._cells.get(second)
            mine = (cell.total if cell is not None else 0) - pace
            if cell is not None and mine + min(0.0, behind) >= 0:
                found = second
            behind = mine + min(0.0, behind)
        return found

    def span(self, low: int, high: int) -> Span:
        """The sums of the kept seconds low <= s < high."""
        venues: dict[str, int] = {}
        coins: dict[str, int] = {}
        total = long = orders = last = 0
        for second, cell in self._cells.items():
            if low <= second < high:
                total, long, orders = total + cell.total, long + cell.long, orders + cell.orders
                last = max(last, cell.last_ms)
                for sums, mine in ((venues, cell.venues), (coins, cell.coins)):
                    for name, usd in mine.items():
                        sums[name] = sums.get(name, 0) + usd
        return Span(total, long, orders, last, _ranked(venues), _ranked(coins))


def _ranked(sums: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(sums, key=lambda name: (-sums[name], name)))
