"""Key levels that were found for the symbols looked at, and what is still to be found.

An answer is a function of the closed days and of a reference price: the close of the last five minutes, rounded to half
an ATR, so that it holds while the market moves about and follows when it runs. Nothing here waits: what is not known
yet is wished for, and the last answer that is not from a later day stands in for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crashdesk.model.level import DailyBars, FoundLevel, LevelAsk

if TYPE_CHECKING:
    from crashdesk.model.columns import InstrumentKey

STEP_ATR = 0.5
MOST_KEPT = 256
FEWEST_DAYS = 15
FOUND = "found"
"""The source of a found level."""

Name = tuple[str, str, float, int, int]
"""Venue, symbol, reference price, last day, and what the days sum up to."""
Found = tuple[FoundLevel, ...]


def reference(price: float, atr: float) -> float:
    """`price` to the nearest half ATR."""
    step = STEP_ATR * atr
    return round(price / step) * step


class FoundBook:
    """Answers by question. It outlives a seek: a state at another time asks other questions."""

    def __init__(self) -> None:
        self._known: dict[Name, Found] = {}
        self._asked: set[Name] = set()
        self._wishes: list[LevelAsk] = []
        self._newest: dict[InstrumentKey, tuple[int, Found]] = {}

    def levels(self, key: InstrumentKey, days: DailyBars, atr: float | None, price: float) -> Found:
        """The levels of an instrument after its closed `days`, with the market at `price`."""
        if atr is None or not atr > 0 or len(days.open_ms) < FEWEST_DAYS:
            return ()
        last = reference(price, atr)
        name = _name(*key, days, last)
        known = self._known.get(name)
        if known is not None:
            self._newest[key] = (days.open_ms[-1], known)
            return known
        if name not in self._asked:
            self._asked.add(name)
            self._wishes.append(LevelAsk(*key, days, last))
        day, found = self._newest.get(key, (0, ()))
        return found if day <= days.open_ms[-1] else ()

    def frozen(self) -> FoundBook:
        """A book that has only the newest answers of this one, for a look at another time with the levels of now."""
        book = FoundBook()
        book._newest = dict(self._newest)
        return book

    def wishes(self) -> list[LevelAsk]:
        """What is to be found; each is told once."""
        wishes, self._wishes = self._wishes, []
        return wishes

    def answer(self, answers: Iterable[tuple[LevelAsk, Found]]) -> None:
        """Take what was found."""
        for ask, found in answers:
            name = _name(ask.venue, ask.symbol, ask.days, ask.last)
            self._asked.discard(name)
            self._known[name] = found
        for name in list(self._known)[:-MOST_KEPT]:
            del self._known[name]


def _name(venue: str, symbol: str, days: DailyBars, last: float) -> Name:
    return venue, symbol, last, days.open_ms[-1], hash(days)
