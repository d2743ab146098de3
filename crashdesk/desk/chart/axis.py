"""Ticks of the two axes: prices as a trader reads them, times at round hours, days and months."""

import math
from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from crashdesk.desk.chart.scale import PriceScale

LABEL_GAP = 3
LABEL_CELLS = 5
MAX_DECIMALS = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Key = Callable[[datetime], tuple[int, ...]]


class Tick(NamedTuple):
    """A label and where it points: a price's depth in rows, or a time's column."""

    at: float
    label: str


def price_label(price: float, decimals: int) -> str:
    """`126,200`, `0.2063`: thousands separated, never an exponent."""
    return f"{price:,.{min(max(decimals, 0), MAX_DECIMALS)}f}"


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5 or 5 times a power of ten that cuts `span` into at most `most` parts."""
    raw = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0):
        if raw <= factor * power * (1 + 1e-9):
            return factor * power
    return 10 * power


def step_decimals(step: float) -> int:
    """Decimals that show a multiple of `step` exactly (2.5 needs one)."""
    for decimals in range(MAX_DECIMALS + 1):
        scaled = step * 10**decimals
        if math.isclose(scaled, round(scaled), rel_tol=1e-6) and round(scaled) > 0:
            return decimals
    return MAX_DECIMALS


def price_ticks(scale: PriceScale, rows_apart: int = 3) -> list[Tick]:
    """Round prices over the scale, about one each `rows_apart` rows, all with the same decimals.

    A logarithmic scale takes its step from its lower half, so that labels never run into each other.
    """
    most = scale.rows // rows_apart + 1
    span = scale.high - scale.low
    if scale.log:
        span = max(scale.step(scale.high) * scale.rows / 2, span / 8)
    step = nice_step(span, most)
    decimals = step_decimals(step)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    ticks: list[Tick] = []
    taken: set[int] = set()
    for multiple in range(last, first - 1, -1):
        price = multiple * step
        row = scale.row(price)
        if 0 <= row < scale.rows and row not in taken and row - 1 not in taken:
            ticks.append(Tick(scale.depth(price), price_label(price, decimals)))
            taken.add(row)
    return ticks


def _clock(minutes: int) -> Key:
    return lambda at: (at.year, at.month, at.day, (at.hour * 60 + at.minute) // minutes)


def _days(days: int) -> Key:
    return lambda at: (at.toordinal() // days,)


def _months(months: int) -> Key:
    return lambda at: (at.year, (at.month - 1) // months)


_STEPS: tuple[tuple[Key, bool], ...] = (
    *((_clock(minutes), False) for minutes in (5, 15, 30, 60, 120, 240, 480, 720)),
    (_days(1), False),
    (_days(2), False),
    (lambda at: (*at.isocalendar()[:2],), False),
    (lambda at: (at.year, at.month, min((at.day - 1) // 10, 2)), False),
    (lambda at: (at.year, at.month, at.day >= 16), False),
    (_months(1), True),
    (_months(2), True),
    (_months(3), True),
    (_months(6), True),
    (_months(12), True),
    (lambda at: (at.year // 2,), True),
    (lambda at: (at.year // 5,), True),
)
"""Ever longer spans: a tick stands where the key changes. The flag says that months are enough to name it."""


def time_ticks(open_ms: "array[int]", columns: Sequence[int], width: int, zone: tzinfo = UTC) -> list[Tick]:
    """Labels under the bars, at round times, as many as fit into `width` without touching each other.

    `open_ms` are the bars' opening times (UTC ms), `columns` their columns; `zone` is where the times are read.
    """
    return list(_ticks(open_ms.tobytes(), tuple(columns), width, zone))


@lru_cache(maxsize=16)
def _ticks(opened: bytes, columns: tuple[int, ...], width: int, zone: tzinfo) -> tuple[Tick, ...]:
    """The axis changes with a new candle only; prices move many times before that. `opened` are int64 in UTC ms."""
    moments = [(_EPOCH + timedelta(milliseconds=ms)).astimezone(zone) for ms in array("q", opened)]
    for key, months in _STEPS:
        keys = [key(at) for at in moments]
        marks = [i for i in range(1, len(moments)) if keys[i] != keys[i - 1]]
        if len(marks) * (LABEL_CELLS + LABEL_GAP) > width:
            continue
        ticks = [Tick(columns[i], _time_label(moments[i], moments[i - 1], months=months)) for i in marks]
        if _apart(ticks):
            return tuple(ticks or _only(moments, columns))
    return tuple(_only(moments, columns))


def _only(moments: Sequence[datetime], columns: Sequence[int]) -> list[Tick]:
    """Too few bars for a round time between them: the first bar's own date."""
    return [Tick(columns[0], _date_label(moments[0]))] if moments else []


def _apart(ticks: list[Tick]) -> bool:
    """Whether no label touches the next one."""
    end = -LABEL_GAP
    for tick in ticks:
        start = tick.at - len(tick.label) // 2
        if start < end + LABEL_GAP and end > 0:
            return False
        end = int(start) + len(tick.label)
    return True


def _time_label(at: datetime, before: datetime, *, months: bool) -> str:
    if at.year != before.year:
        return str(at.year)
    if months:
        return _month(at)
    if at.date() != before.date():
        return _date_label(at)
    return f"{at:%H:%M}"


def _date_label(at: datetime) -> str:
    return f"{_month(at)} {at.day}"


def _month(at: datetime) -> str:
    return f"{at:%b}"
