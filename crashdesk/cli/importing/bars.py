"""Candles of a foreign table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from crashdesk.cli.importing.cells import decimals_of, figure, symbol_of, time_of, venue_of
from crashdesk.cli.importing.progress import Told
from crashdesk.cli.importing.table_files import SURPLUS, table_rows
from crashdesk.cli.importing.wishes import Wish
from crashdesk.cli.importing.wrong_rows import RowError, WrongRows
from crashdesk.config.file_rows import FileRow
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import Timeframe

_PRICES = ("open", "high", "low", "close")
_OPEN = ("0", "false")
_symbol_of = partial(symbol_of, perpetual=False)


class Bar(NamedTuple):
    """A closed candle, and with how many decimals its close is written."""

    candle: Candle
    decimals: int


def read_bars(wish: Wish, wrong: WrongRows, told: Told) -> Iterator[Bar]:
    """The closed candles of a file in its order; wrong rows go to `wrong`. Raises CrashdeskError.

    Revisions of candles that were still running (`closed` is 0) are passed over.
    """
    settled = False
    for row in table_rows(wish.path, told):
        if not settled:
            settled = True
            own = [name for name in ("venue", "symbol", "timeframe") if getattr(wish, name) is None]
            wish.settle(row, ["ts", *_PRICES, "volume", *own])
        if str(wish.cell(row, "closed")).strip().lower() in _OPEN:
            continue
        try:
            yield _bar(wish, row)
        except RowError as error:
            wrong.add(wish.path, row.where, error)


def _bar(wish: Wish, row: FileRow) -> Bar:
    if SURPLUS in row.values:
        raise RowError("bad row", "more cells than the head has, or no object")
    timeframe = wish.of_all(row, "timeframe", wish.timeframe, _timeframe)
    open_ms = time_of(wish.cell(row, "ts"))
    if timeframe is not Timeframe.W1 and open_ms % timeframe.ms:
        raise RowError("bad time", f"a candle of {timeframe.value} does not open then: {wish.cell(row, 'ts')}")
    prices = [figure(wish.cell(row, name), "price") for name in _PRICES]
    first, high, low, close = map(float, prices)
    if not low <= min(first, close) <= max(first, close) <= high:
        raise RowError("bad price", f"open and close are not between low and high: {first}, {high}, {low}, {close}")
    candle = Candle(
        venue=wish.of_all(row, "venue", wish.venue, venue_of),
        symbol=wish.of_all(row, "symbol", wish.symbol, _symbol_of),
        timeframe=timeframe,
        open_ms=open_ms,
        open=first,
        high=high,
        low=low,
        close=close,
        volume=float(figure(wish.cell(row, "volume"), "size", zero=True)),
        closed=True,
    )
    return Bar(candle, decimals_of(prices[3]))


def _timeframe(cell: object) -> Timeframe:
    try:
        return Timeframe(str(cell))
    except ValueError:
        raise RowError("bad timeframe", f"not one of {', '.join(Timeframe)}: {str(cell)[:40]!r}") from None
