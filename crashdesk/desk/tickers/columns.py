"""The columns of the tickers pane, and which of them fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline, track
from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price, short_price
from crashdesk.session.views import TickerRow

SortValue = Callable[[TickerRow], float | str | None]
Draw = Callable[[Line, TickerRow, int, Look, int], None]
"""Writes a row's cell into exactly `width` cells; the last argument is the time shown, UTC ms."""

RANGE_END = 6
DATE = 6


class Column(NamedTuple):
    """`letter` sorts by it. It takes `least` to `most` cells; a smaller `rank` keeps its place longer."""

    id: str
    letter: str
    title: str
    least: int
    most: int
    rank: int
    value: SortValue
    draw: Draw
    left: bool = False


Placed = tuple[Column, int]
"""A column and the cells that it takes."""


def _symbol(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    line.left(row.base, width, look.palette.strong, look.glyphs.ellipsis)


def _last(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    line.right(compact_price(row.last, row.price_decimals), width, look.palette.text)


def _change(value: SortValue) -> Draw:
    def draw(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
        number = value(row)
        change = number if isinstance(number, float) else None
        line.right(figures.percent(change, look.glyphs), width, look.palette.change(change))

    return draw


def _hour(line: Line, row: TickerRow, width: int, look: Look, now_ms: int) -> None:
    if row.stale:
        line.right(f"{figures.age(now_ms - row.recv_ms)} old", width, look.palette.warning)
    else:
        _HOUR(line, row, width, look, now_ms)


def _range(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    palette, glyphs = look.palette, look.glyphs
    if row.low_24h is None or row.high_24h is None:
        line.left(glyphs.dot.rjust(RANGE_END), width, palette.muted)
        return
    line.right(short_price(row.low_24h, glyphs), RANGE_END, palette.muted)
    room = width - 2 * RANGE_END
    place = track(row.low_24h, row.last, row.high_24h, room, glyphs)
    before, at, after = place.partition(glyphs.track_at)
    line.put(before, palette.muted)
    line.put(at, palette.change(row.change_24h_pct))
    line.put(after, palette.muted)
    line.left(short_price(row.high_24h, glyphs), RANGE_END, palette.muted)


def _path(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    drawn = sparkline(row.spark, width, look.glyphs)
    line.space(width - len(drawn), look.palette.blank)
    line.put(drawn, look.palette.change(row.change_24h_pct))


def _from_high(line: Line, row: TickerRow, width: int, look: Look, now_ms: int) -> None:
    palette = look.palette
    line.right(figures.percent(row.drawdown_pct, look.glyphs), width - DATE - 1, palette.change(row.drawdown_pct))
    line.space(1, palette.blank)
    when = "" if row.high_ms is None else figures.day_name(row.high_ms, now_ms, look.zone)
    line.left(when, DATE, palette.muted)


def _average(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    palette, glyphs = look.palette, look.glyphs
    line.right(figures.percent(row.sma200_distance_pct, glyphs), width - 2, palette.change(row.sma200_distance_pct))
    line.put(f" {glyphs.fall}" if row.sma200_breached else "  ", palette.loss)


def _funding(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    rate = None if row.funding_rate is None else row.funding_rate * 100
    line.right(figures.percent(rate, look.glyphs, 3), width, look.palette.muted if rate is None else look.palette.text)


def _dollars(value: SortValue) -> Draw:
    def draw(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
        number = value(row)
        text = figures.usd_short(round(number * 1_000_000)) if isinstance(number, float) else look.glyphs.dot
        line.right(text, width, look.palette.muted)

    return draw


def _in_range(row: TickerRow) -> float | None:
    if row.low_24h is None or row.high_24h is None or row.high_24h <= row.low_24h:
        return None
    return (row.last - row.low_24h) / (row.high_24h - row.low_24h)


def _hour_change(row: TickerRow) -> float | None:
    return row.change_1h_pct


def _day_change(row: TickerRow) -> float | None:
    return row.change_24h_pct


def _volume(row: TickerRow) -> float | None:
    return row.volume_24h_usd


def _interest(row: TickerRow) -> float | None:
    return row.open_interest_usd


_HOUR = _change(_hour_change)

COLUMNS: tuple[Column, ...] = (
    Column("symbol", "s", "sym", 6, 9, 0, lambda row: row.base, _symbol, left=True),
    Column("last", "l", "last", 8, 12, 0, lambda row: row.last, _last),
    Column("change_1h", "1", "1h", 7, 7, 2, _hour_change, _hour),
    Column("change_24h", "2", "24h", 7, 7, 1, _day_change, _change(_day_change)),
    Column("range", "r", "24h range", 18, 26, 5, _in_range, _range),
    Column("path", "p", "path", 6, 16, 7, _day_change, _path),
    Column("from_high", "h", "from high", 13, 13, 3, lambda row: row.drawdown_pct, _from_high),
    Column("sma200", "v", "vs SMA200", 9, 9, 4, lambda row: row.sma200_distance_pct, _average),
    Column("funding", "f", "fund", 8, 8, 6, lambda row: row.funding_rate, _funding),
    Column("volume", "o", "vol 24h", 8, 8, 8, _volume, _dollars(_volume)),
    Column("interest", "i", "OI", 8, 8, 9, _interest, _dollars(_interest)),
)


@lru_cache(maxsize=64)
def fitting(width: int, symbol_width: int, last_width: int) -> tuple[Placed, ...]:
    """The columns that fit into `width` cells with one blank between, the most wanted first, spread over the room."""
    wanted = {"symbol": symbol_width, "last": last_width}
    least = {column.id: max(column.least, wanted.get(column.id, 0)) for column in COLUMNS}
    chosen: list[Column] = []
    taken = -1
    for column in sorted(COLUMNS, key=lambda column: column.rank):
        if taken + 1 + least[column.id] > width:
            if column.rank > 0:
                break
            continue
        chosen.append(column)
        taken += 1 + least[column.id]
    spare = width - taken
    sizes = {column.id: least[column.id] for column in chosen}
    for column in (c for c in COLUMNS if c in chosen and c.id in {"range", "path"}):
        more = min(spare, column.most - sizes[column.id])
        sizes[column.id] += more
        spare -= more
    return tuple((column, sizes[column.id]) for column in COLUMNS if column in chosen)


def gaps(placed: Sequence[Placed], width: int) -> list[int]:
    """Blank cells before each column: none before the first, one before the others, and the room that is left."""
    between = len(placed) - 1
    if between <= 0:
        return [0] * len(placed)
    spare = width - sum(size for _, size in placed)
    each = min(3, spare // between)
    over = min(between, spare - each * between) if each < 3 else 0
    return [0, *(each + (1 if place < over else 0) for place in range(between))]
