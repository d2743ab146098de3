"""The columns of the tickers pane, and which of them fit."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from crashdesk.config.ticker_settings import USUAL_COLUMNS
from crashdesk.desk.tickers import draw
from crashdesk.desk.tickers.draw import Draw
from crashdesk.model.money import MICRO
from crashdesk.session.views import TickerRow

SortValue = Callable[[TickerRow], float | str | None]


class Column(NamedTuple):
    """`letter` sorts by it. It takes `least` to `most` cells.

    Of the usual columns one with a smaller `rank` keeps its place longer. What it says is in `TICKER_COLUMNS`.
    """

    id: str
    letter: str
    title: str
    least: int
    most: int
    rank: int
    value: SortValue
    draw: Draw
    left: bool = False
    falling: bool = False
    """Whether the largest come first when it is sorted by."""


Placed = tuple[Column, int]
"""A column and the cells that it takes."""


def _funding(row: TickerRow) -> float | None:
    return None if row.funding_rate is None else row.funding_rate * 100.0


def _liquidated(row: TickerRow) -> float | None:
    return None if row.more.liquidated_1h is None else row.more.liquidated_1h / MICRO


def _in_range(row: TickerRow) -> float | None:
    if row.low_24h is None or row.high_24h is None or row.high_24h <= row.low_24h:
        return None
    return (row.last - row.low_24h) / (row.high_24h - row.low_24h)


def _hour(row: TickerRow) -> float | None:
    return row.change_1h_pct


def _day(row: TickerRow) -> float | None:
    return row.change_24h_pct


def _five(row: TickerRow) -> float | None:
    return row.more.change_5m_pct


def _four(row: TickerRow) -> float | None:
    return row.more.change_4h_pct


def _week(row: TickerRow) -> float | None:
    return row.more.change_7d_pct


def _basis(row: TickerRow) -> float | None:
    return row.more.basis_pct


def _volume(row: TickerRow) -> float | None:
    return row.volume_24h_usd


def _interest(row: TickerRow) -> float | None:
    return row.open_interest_usd


def _interest_hour(row: TickerRow) -> float | None:
    return row.more.interest_1h_pct


def _interest_day(row: TickerRow) -> float | None:
    return row.more.interest_24h_pct


def _near(row: TickerRow) -> float | None:
    return None if row.more.level_pct is None else abs(row.more.level_pct)


def _table() -> Mapping[str, Column]:
    """Every column by its name in config.toml."""
    rows = (
        Column("symbol", "s", "sym", 6, 9, 0, lambda row: row.base, draw.symbol, left=True),
        Column("last", "l", "last", 8, 12, 0, lambda row: row.last, draw.last, falling=True),
        Column("5m", "5", "5m", 7, 7, 12, _five, draw.change(_five)),
        Column("1h", "1", "1h", 7, 7, 2, _hour, draw.hour(_hour)),
        Column("4h", "4", "4h", 7, 7, 11, _four, draw.change(_four)),
        Column("24h", "2", "24h", 7, 7, 1, _day, draw.change(_day)),
        Column("7d", "7", "7d", 7, 7, 13, _week, draw.change(_week)),
        Column("range", "r", "24h range", 18, 26, 5, _in_range, draw.day_range),
        Column("sparkline", "p", "path", 6, 16, 7, _day, draw.path),
        Column("from_high", "h", "from high", 13, 13, 3, lambda row: row.drawdown_pct, draw.from_high),
        Column("sma200", "v", "vs SMA200", 9, 9, 4, lambda row: row.sma200_distance_pct, draw.average),
        Column("next_level", "n", "next level", 14, 14, 14, _near, draw.next_level),
        Column("funding", "f", "fund", 8, 8, 6, _funding, draw.rate(_funding, 3)),
        Column("oi", "i", "OI", 8, 8, 9, _interest, draw.dollars(_interest), falling=True),
        Column("oi_1h", "c", "OI chg 1h", 9, 9, 19, _interest_hour, draw.change(_interest_hour)),
        Column("oi_24h", "g", "OI chg 24h", 10, 10, 20, _interest_day, draw.change(_interest_day)),
        Column("basis", "b", "basis", 7, 7, 15, _basis, draw.rate(_basis, 2)),
        Column("volume", "o", "vol 24h", 8, 8, 8, _volume, draw.dollars(_volume), falling=True),
        Column("liquidated_1h", "q", "liq 1h", 8, 8, 10, _liquidated, draw.dollars(_liquidated), falling=True),
        Column("spread", "d", "spread", 7, 7, 16, lambda row: row.more.spread_pct, draw.spread, falling=True),
        Column("venue", "e", "venue", 7, 11, 17, lambda row: row.venue, draw.venue, left=True),
        Column("age", "a", "age", 5, 5, 18, lambda row: -row.recv_ms, draw.age, falling=True),
    )
    return {column.id: column for column in rows}


COLUMNS = _table()
_GROWING = ("range", "sparkline", "venue")


@lru_cache(maxsize=64)
def fitting(
    width: int, symbol_width: int, last_width: int, names: tuple[str, ...] = USUAL_COLUMNS
) -> tuple[Placed, ...]:
    """The columns of `names` that fit into `width` cells with one blank between, spread over the room.

    Of the usual ones the most wanted stay; where the user chose the order, those on the right go first.
    """
    wanted = {"symbol": symbol_width, "last": last_width}
    columns = [COLUMNS[name] for name in names]
    least = {column.id: max(column.least, wanted.get(column.id, 0)) for column in columns}
    chosen: list[Column] = []
    taken = -1
    for column, needed in _by_rank(columns, usual=names == USUAL_COLUMNS):
        if taken + 1 + least[column.id] > width:
            if not needed:
                break
            continue
        chosen.append(column)
        taken += 1 + least[column.id]
    spare = width - taken
    sizes = {column.id: least[column.id] for column in chosen}
    for column in (c for c in columns if c in chosen and c.id in _GROWING):
        more = min(spare, column.most - sizes[column.id])
        sizes[column.id] += more
        spare -= more
    return tuple((column, sizes[column.id]) for column in columns if column in chosen)


def _by_rank(columns: Sequence[Column], *, usual: bool) -> list[tuple[Column, bool]]:
    """In the order in which they are given room, and whether one is left out alone when it does not fit."""
    if usual:
        return [(column, column.rank == 0) for column in sorted(columns, key=lambda column: column.rank)]
    first = [column for column in columns if column.id == "symbol"]
    return [(column, False) for column in (*first, *(c for c in columns if c.id != "symbol"))]


def gaps(placed: Sequence[Placed], width: int) -> list[int]:
    """Blank cells before each column: none before the first, one before the others, and the room that is left."""
    between = len(placed) - 1
    if between <= 0:
        return [0] * len(placed)
    spare = width - sum(size for _, size in placed)
    each = min(3, spare // between)
    over = min(between, spare - each * between) if each < 3 else 0
    return [0, *(each + (1 if place < over else 0) for place in range(between))]
