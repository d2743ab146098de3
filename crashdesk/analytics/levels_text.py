"""Questions for key levels and their answers as text between two processes. Needs no pandas: both sides read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from crashdesk.model.level import DailyBars, FoundLevel, LevelAsk, LevelKind
from crashdesk.model.text import clean
from crashdesk.model.times import LAST_MS

ALGORITHM = 2
"""Grows when `key_levels` answers differently: what an earlier one found is not used any more."""

MOST_LEVELS, MOST_REASONS, LONGEST_REASON = 16, 8, 120
_MOST_TOUCHES = 1_000_000
Found = tuple[FoundLevel, ...]


def asks_text(asks: Sequence[LevelAsk]) -> str:
    """One line of JSON."""
    return json.dumps([[ask.venue, ask.symbol, *ask.days, ask.last] for ask in asks], separators=(",", ":"))


def read_asks(text: str) -> list[LevelAsk]:
    """The other way. Raises ValueError; what the numbers are is left to the one who reckons with them."""
    return [_ask(packed) for packed in _list(json.loads(text))]


def found_text(found: Sequence[Found]) -> str:
    """One line of JSON: the levels of each question, in their order."""
    return json.dumps([pack_found(levels) for levels in found], separators=(",", ":"), allow_nan=False)


def read_found(text: str) -> list[Found]:
    """The other way, everything checked. Raises ValueError."""
    return [unpack_found(packed) for packed in _list(json.loads(text))]


def pack_found(levels: Found) -> list[list[object]]:
    """Levels as JSON values."""
    return [[level.price, level.kind.value, list(level.why), level.touches, level.confirmed_ms] for level in levels]


def unpack_found(packed: object) -> Found:
    """Levels from JSON values. Raises ValueError when one of them can't be a level."""
    rows = _list(packed)
    if len(rows) > MOST_LEVELS:
        raise ValueError(f"{len(rows)} levels, more than {MOST_LEVELS}")
    return tuple(_level(row) for row in rows)


def _ask(packed: object) -> LevelAsk:
    venue, symbol, open_ms, high, low, close, last = _list(packed)
    columns = [_list(column) for column in (open_ms, high, low, close)]
    if len({len(column) for column in columns}) != 1:
        raise ValueError("columns of unequal length")
    if not all(type(value) in (int, float) for column in columns for value in column):
        raise ValueError("a price that is no number")
    if type(last) not in (int, float):
        raise ValueError("a last price that is no number")
    return LevelAsk(str(venue), str(symbol), DailyBars(*(tuple(column) for column in columns)), float(last))


def _level(packed: object) -> FoundLevel:
    price, kind, why, touches, confirmed_ms = _list(packed)
    if not (type(price) in (int, float) and isfinite(price) and price > 0):
        raise ValueError(f"a level at {clean(str(price), 40)}")
    if not (type(touches) is int and 0 <= touches <= _MOST_TOUCHES):
        raise ValueError(f"{clean(str(touches), 40)} touches")
    if not (type(confirmed_ms) is int and 0 <= confirmed_ms <= LAST_MS):
        raise ValueError(f"a level of the time {clean(str(confirmed_ms), 40)}")
    reasons = _list(why)
    if not 0 < len(reasons) <= MOST_REASONS or not all(isinstance(reason, str) for reason in reasons):
        raise ValueError("a level without reasons")
    said = tuple(clean(reason, LONGEST_REASON) for reason in reasons)
    return FoundLevel(float(price), LevelKind(kind), said, touches, confirmed_ms)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("no list where one was expected")  # noqa: TRY004 - bad text is a ValueError, as JSON's own is
    return value
