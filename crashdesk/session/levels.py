"""The rows of a ladder: every level of a symbol with its state, published, one's own, found ones and the averages.

A found level that lies within a quarter ATR of another level is that level's reason and no row of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isnan
from typing import NamedTuple

from crashdesk.model.columns import InstrumentKey
from crashdesk.model.level import FoundLevel, Level, LevelKind, LevelState
from crashdesk.model.records import PublishedLevel
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.daily import SHORT, Daily
from crashdesk.session.found import FOUND
from crashdesk.session.level_past import BAND_ATR, Course, Past, course_of, stands
from crashdesk.session.level_views import LevelRow
from crashdesk.session.trend import LONG

ABSORB_ATR = 0.25
SMA200, SMA50 = "SMA200", "SMA50"
_SIDES = (LevelKind.SUPPORT, LevelKind.RESISTANCE)


class Market(NamedTuple):
    """What levels are held against: the symbol's price venue and last price, its days, its ATR.

    `past` tells what became of a level by its course and timeframe, `near_since` since when the price is near to one.
    """

    key: InstrumentKey
    last: float
    now_ms: int
    daily: Daily | None
    past: Callable[[object, Course, Timeframe], Past]
    near_since: Callable[[Course], int | None]

    @property
    def atr(self) -> float | None:
        """Wilder's ATR after the last closed day."""
        return self.daily.atr if self.daily is not None else None


class Stood(NamedTuple):
    """A row, and the timeframe whose closes breach it."""

    row: LevelRow
    timeframe: Timeframe


class _Line(NamedTuple):
    """A level of any origin: its row as far as it needs no market, and the course of its price."""

    row: LevelRow
    course: Course
    timeframe: Timeframe = Timeframe.D1


def level_rows(
    symbol: str,
    published: Iterable[PublishedLevel],
    own: Iterable[Level],
    found: Sequence[FoundLevel],
    market: Market | None,
) -> tuple[Stood, ...]:
    """All levels of a symbol, highest price first. Without a market there are no states and no distances."""
    lines = [_published(level) for level in published]
    placed = (_own(level, market.now_ms if market else level.updated_ms) for level in own)
    lines += [line for line in placed if not isnan(line.row.price)]
    if market is not None:
        average = _average(symbol, LONG, market)
        lines += [average] if average is not None else []
        lines = _with_found(lines, found, symbol, market)
    stood = [Stood(_stood(line, market) if market else line.row, line.timeframe) for line in lines]
    return tuple(sorted(stood, key=lambda s: (-s.row.price, s.row.source, s.row.label, s.row.id or "")))


def _row(symbol: str, price: float, kind: LevelKind, label: str, source: str) -> LevelRow:
    return LevelRow(
        id=None,
        symbol=symbol,
        price=price,
        kind=kind,
        label=label,
        source=source,
        state=None,
        state_since_ms=None,
        distance_pct=None,
        distance_atr=None,
    )


def _published(level: PublishedLevel) -> _Line:
    try:
        kind = LevelKind(level.kind)
    except ValueError:
        kind = LevelKind.LINE
    row = _row(level.symbol, level.price, kind, level.label, level.source)
    return _Line(row, Course(lambda _: level.price, level.created_ms))


def _own(level: Level, now_ms: int) -> _Line:
    row = _row(level.symbol, level.price_at(now_ms), level.kind, level.label, "mine")
    return _Line(
        row._replace(id=level.id, trend=level.trend, alert=level.alert),
        course_of(level),
        level.timeframe,
    )


def _average(symbol: str, length: int, market: Market) -> _Line | None:
    """An average of the daily closes: its place is under the price, whatever the history begins with."""
    daily = market.daily
    price = daily.average_at(length, daily.end_ms[-1]) if daily is not None else None
    if daily is None or price is None or price != price:
        return None
    name = SMA200 if length == LONG else SMA50
    row = _row(symbol, price, LevelKind.AVERAGE, name, name if length == LONG else FOUND)
    return _Line(row, Course(lambda ts_ms: daily.average_at(length, ts_ms), 0, home=True))


def _with_found(lines: Sequence[_Line], found: Sequence[FoundLevel], symbol: str, market: Market) -> list[_Line]:
    """The lines, and the found levels: each with the nearest line that is close to it, else as a line of its own."""
    near = ABSORB_ATR * (market.atr or 0.0)
    reasons: dict[int, list[FoundLevel]] = {}
    alone = []
    for level in found:
        # of two at the same price the trader's own one is told why it is there
        distances = [
            (abs(line.row.price - level.price), line.row.id is None, place) for place, line in enumerate(lines)
        ]
        distance, _, place = min(distances, default=(near, True, 0))
        if level.why[0] == SMA200 and any(line.row.source == SMA200 for line in lines):
            place = next(at for at, line in enumerate(lines) if line.row.source == SMA200)
            distance = -1.0
        if distance < near:
            reasons.setdefault(place, []).append(level)
        else:
            alone.append(_found(level, symbol, market))
    made = [_reasoned(line, reasons.get(place, ())) for place, line in enumerate(lines)]
    return made + alone


def _reasoned(line: _Line, found: Sequence[FoundLevel]) -> _Line:
    if not found:
        return line
    why = tuple(dict.fromkeys(reason for level in found for reason in level.why if reason != line.row.label))
    return line._replace(row=line.row._replace(why=why, touches=max(level.touches for level in found)))


def _found(level: FoundLevel, symbol: str, market: Market) -> _Line:
    """A found level; what it is for follows from the side on which it lies."""
    if level.why[0] == SMA50 and (average := _average(symbol, SHORT, market)) is not None:
        return average._replace(row=average.row._replace(why=level.why[1:], touches=level.touches))
    kind = level.kind
    if kind in _SIDES:
        kind = _SIDES[level.price > market.last]
    row = _row(symbol, level.price, kind, _short(level.why[0]), FOUND)
    course = Course(lambda _: level.price, level.confirmed_ms)
    return _Line(row._replace(why=level.why, touches=level.touches), course)


def _short(reason: str) -> str:
    """The reason without its figures: `swing low 2025-10-17`, `last week's high`, `61.8 % back`."""
    return reason.partition(",")[0].partition(" of ")[0]


def _stood(line: _Line, market: Market) -> LevelRow:
    row, course = line.row, line.course
    if market.last > 0:
        row = row._replace(distance_pct=(row.price / market.last - 1.0) * 100.0)
    name = (row.symbol, row.source, row.id or (row.label, row.kind is LevelKind.AVERAGE or row.price))
    past = market.past(name, course, line.timeframe)
    if not market.atr:  # unknown, or days without any range (a coin that is pegged): no measure of nearness
        state: tuple[LevelState | None, int | None] = (
            (None, None) if past.calm_ms is None else (past.calm, past.calm_ms)
        )
        return row._replace(state=state[0], state_since_ms=state[1], history=past.changes)
    away = abs(row.price - market.last)
    near = away <= BAND_ATR * market.atr
    newly_ms = market.near_since(course) if near and past.began_ms is None else None
    now, since_ms = stands(past, near=near, newly_ms=newly_ms)
    changes = past.changes
    return row._replace(state=now, state_since_ms=since_ms, distance_atr=away / market.atr, history=changes)
