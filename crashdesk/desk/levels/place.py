"""Placing a level: the line's price, moved by rows, by per cent, by snapping, or typed. Pure values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.desk.chart.axis import nice_step
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.levels.label import LabelWords
from crashdesk.model.level import MOST_PRICE, Level

if TYPE_CHECKING:
    from crashdesk.desk.chart.window import Bars

SWING_REACH = 3
"""Bars on both sides that a swing high must top (a swing low undercut)."""

SNAP_DECIMALS = 2
"""An average has no end of digits: these are enough where the price has fewer."""
MAX_TYPED = 18


class Placing(NamedTuple):
    """A line on its way. `base` is its price but for what is being typed; `editing` is the level that it moves."""

    symbol: str
    decimals: int
    base: float
    typed: str = ""
    editing: Level | None = None

    @property
    def price(self) -> float:
        """Where the line is: the typed price once that is one, else the base."""
        return _number(self.typed) or self.base

    def nudged(self, scale: PriceScale, rows: int) -> Placing:
        """`rows` chart rows higher (lower when negative), on a round price within that row; a tick at the least."""
        depth = scale.row(self.price) - rows + 0.5
        price = _rounded(scale.price(depth), scale, depth, self.decimals)
        if price == self.price and rows:
            price = _ticked(price + math.copysign(10.0**-self.decimals, rows), self.decimals)
        return self._at(price)

    def moved(self, percent: float) -> Placing:
        """Higher by `percent` of the price."""
        return self._at(_ticked(self.price * (1 + percent / 100), self.decimals))

    def type(self, char: str) -> Placing:
        """A digit or the point added to the typed price; anything else, or a second point, changes nothing."""
        if len(self.typed) >= MAX_TYPED or not ((char.isascii() and char.isdigit()) or char == "."):
            return self
        if char == "." and ("." in self.typed or self.decimals == 0):
            return self
        return self._replace(typed=self.typed + ("0." if char == "." and not self.typed else char))

    def erased(self) -> Placing:
        """The last typed character taken back; with nothing typed, nothing."""
        return self._replace(typed=self.typed[:-1])

    def snapped(self, candidates: Iterable[float]) -> Placing:
        """On the nearest of the candidates; where it was when there is none."""
        rounded = (round(price, max(self.decimals, SNAP_DECIMALS)) for price in candidates if math.isfinite(price))
        usable = [price for price in rounded if price > 0]
        if not usable:
            return self
        return self._at(min(usable, key=lambda price: (abs(price - self.price), price)))

    def problem(self) -> str | None:
        """Why a level can't be there, in one sentence."""
        if self.typed and _number(self.typed) is None:
            return f"a level needs a price above 0, not {self.typed}"
        return None if self.price <= MOST_PRICE else f"a level can't be above {MOST_PRICE:,.0f}"

    def level(self, new_id: str, words: LabelWords, now_ms: int) -> Level:
        """The finished level; one that is being edited keeps its id, its creation time and its timeframe."""
        old = self.editing or Level(new_id, self.symbol, self.price, words.kind, words.label, now_ms, now_ms)
        return old._replace(
            price=self.price, kind=words.kind, label=words.label, alert=words.alert, trend=None, updated_ms=now_ms
        )

    def _at(self, price: float) -> Placing:
        if not (math.isfinite(price) and price > 0):
            return self
        return self._replace(base=price, typed="")


def snap_prices(bars: Bars, scale: PriceScale, others: Iterable[float]) -> list[float]:
    """What a line snaps to: the highest and lowest price shown, swing highs and lows, round prices, and `others` (the
    average, levels that were found).
    """
    highs, lows = list(bars.high), list(bars.low)
    step = nice_step(scale.high - scale.low, 8)
    rounds = [n * step for n in range(math.ceil(scale.low / step), math.floor(scale.high / step) + 1)]
    found = [*_swings(highs, 1), *_swings(lows, -1), *rounds]
    found += [max(filter(math.isfinite, highs), default=math.nan), min(filter(math.isfinite, lows), default=math.nan)]
    return [*found, *others]


def _swings(values: Sequence[float], sign: int) -> list[float]:
    found = []
    for i in range(SWING_REACH, len(values) - SWING_REACH):
        around = [*values[i - SWING_REACH : i], *values[i + 1 : i + 1 + SWING_REACH]]
        if all(sign * values[i] > sign * other for other in around):
            found.append(values[i])
    return found


def _number(typed: str) -> float | None:
    """The typed price; None when it is none yet."""
    try:
        price = float(typed)
    except ValueError:
        return None
    return price if price > 0 and math.isfinite(price) else None


def _rounded(price: float, scale: PriceScale, depth: float, decimals: int) -> float:
    """`price` on a power of ten that is at most an eighth of its row, so that it stays well inside of the row."""
    row = scale.price(depth - 0.5) - scale.price(depth + 0.5)
    unit = 10.0 ** math.floor(math.log10(row / 4)) if row > 0 else 0.0
    if unit > 10.0**-decimals:
        return round(round(price / unit) * unit, decimals)
    return _ticked(price, decimals)


def _ticked(price: float, decimals: int) -> float:
    return round(price, decimals)
