"""Prices by the minute of their coming, for the σ and the moves that cascades are measured by."""

from __future__ import annotations

from array import array
from itertools import pairwise
from math import inf, isfinite, log, nan, sqrt

from crashdesk.analytics.cascade_flow import HISTORY_MINUTES, LEAST_HISTORY
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.words import coin_of

CARRIED = 5
"""A price holds for so many minutes without a new one (equal quotes are not recorded); then it is unknown."""
_QUOTES = ("USDT", "USD", "USDC")


class _Series:
    """Closes of successive minutes, NaN where unknown."""

    __slots__ = ("closes", "first", "last", "last_ms", "venue")

    def __init__(self, venue: str, minute: int) -> None:
        self.venue = venue
        self.first = minute
        self.closes: array[float] = array("d")
        self.last = nan
        self.last_ms = 0

    def see(self, minute: int, price: float) -> None:
        at = minute - self.first
        if at == len(self.closes) - 1:  # nearly always
            self.closes[at] = self.last = price
            return
        missing = at - len(self.closes)
        if missing > 2 * HISTORY_MINUTES:
            self.first, self.closes, at, missing = minute, array("d"), 0, 0
        if missing > 0:
            self.closes.extend([self.last] * min(missing, CARRIED) + [nan] * (missing - CARRIED))
        if at < len(self.closes):
            self.closes[at] = price
        else:
            self.closes.append(price)
        self.last = price
        if len(self.closes) > 2 * HISTORY_MINUTES:
            del self.closes[: -HISTORY_MINUTES - 100]
            self.first = minute - len(self.closes) + 1

    def close(self, minute: int) -> float:
        """The price at the end of a minute, NaN when unknown."""
        at = minute - self.first
        if 0 <= at < len(self.closes):
            return self.closes[at]
        return self.last if 0 <= at < len(self.closes) + CARRIED else nan


class PriceTracks:
    """One track of prices a symbol, of the venue that gives its price."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._sigmas: dict[str, tuple[int, float | None]] = {}

    def source(self, symbol: str, venue: str) -> None:
        """The price of `symbol` comes from `venue` from now on: prices of two venues are never compared."""
        series = self._series.get(symbol)
        if series is not None and series.venue != venue:
            del self._series[symbol]
            self._sigmas.pop(symbol, None)
        if symbol not in self._series:
            self._series[symbol] = _Series(venue, 0)

    def see(self, venue: str, symbol: str, at_ms: int, price: float) -> None:
        """A price that came at `at_ms`; those of other venues than the symbol's own are left out.

        The first venue that quotes a symbol counts until `source` says otherwise.
        """
        if not 0 < price < inf:
            return
        series = self._series.get(symbol)
        if series is None:
            series = self._series[symbol] = _Series(venue, at_ms // MINUTE_MS)
        if series.venue != venue or at_ms < series.last_ms:
            return
        if not len(series.closes):
            series.first = at_ms // MINUTE_MS
        series.see(at_ms // MINUTE_MS, price)
        series.last_ms = at_ms

    def symbol_of(self, coin: str) -> str | None:
        """The symbol that speaks for a coin: spot before perpetuals, USDT before USD and USDC, then by name."""
        mine = [s for s, series in self._series.items() if coin_of(s) == coin and len(series.closes)]
        return min(mine, key=_preference, default=None)

    def now(self, symbol: str, now_ms: int) -> float | None:
        """The newest price, unless it is older than `CARRIED` minutes."""
        series = self._series.get(symbol)
        if series is None or now_ms - series.last_ms > CARRIED * MINUTE_MS or not isfinite(series.last):
            return None
        return series.last

    def before(self, symbol: str, at_ms: int) -> float | None:
        """The price at the end of the last whole minute that had ended by `at_ms`."""
        series = self._series.get(symbol)
        price = series.close(at_ms // MINUTE_MS - 1) if series is not None else nan
        return price if isfinite(price) else None

    def furthest(self, symbol: str, since_ms: int, now_ms: int, *, falling: bool) -> float | None:
        """The lowest (or highest) of the newest price and the closes of the whole minutes since `since_ms`."""
        series, newest = self._series.get(symbol), self.now(symbol, now_ms)
        if series is None or newest is None:
            return None
        minutes = range(since_ms // MINUTE_MS, now_ms // MINUTE_MS)
        prices = [newest, *filter(isfinite, map(series.close, minutes))]
        return min(prices) if falling else max(prices)

    def strength(self, symbol: str, since_ms: int, now_ms: int) -> float | None:
        """The move from the price before `since_ms` to now in units of σ·√minutes, with its sign.

        ln(now / before) / (σ · √m), m the minutes from the end of the minute that `before` closed to now; σ is the root
        mean square of the minute log returns over the 24 h up to there. None when a price or σ is unknown.
        """
        begin, end = self.before(symbol, since_ms), self.now(symbol, now_ms)
        sigma = self._sigma(symbol, since_ms // MINUTE_MS)
        if begin is None or end is None or sigma is None:
            return None
        move = log(end / begin)
        minutes = (now_ms - since_ms // MINUTE_MS * MINUTE_MS) / MINUTE_MS
        if not sigma:
            return inf if move > 0 else -inf if move < 0 else 0.0
        return move / (sigma * sqrt(minutes))

    def _sigma(self, symbol: str, border: int) -> float | None:
        known = self._sigmas.get(symbol)
        if known is None or known[0] != border:
            known = self._sigmas[symbol] = border, _sigma(self._series[symbol], border)
        return known[1]


def _sigma(series: _Series, border: int) -> float | None:
    closes = [series.close(minute) for minute in range(max(series.first, border - HISTORY_MINUTES - 1), border)]
    squares = [log(b / a) ** 2 for a, b in pairwise(closes) if isfinite(a) and isfinite(b)]
    return sqrt(sum(squares) / len(squares)) if len(squares) >= LEAST_HISTORY else None


def _preference(symbol: str) -> tuple[bool, int, str]:
    quote = symbol.partition("/")[2].partition(":")[0]
    return ":" in symbol, _QUOTES.index(quote) if quote in _QUOTES else len(_QUOTES), symbol
