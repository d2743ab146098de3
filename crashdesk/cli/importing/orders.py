"""Liquidations of a foreign table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from crashdesk.cli.importing.cells import decimals_of, figure, side_of, symbol_of, time_of, venue_of
from crashdesk.cli.importing.progress import Told
from crashdesk.cli.importing.table_files import SURPLUS, table_rows
from crashdesk.cli.importing.wishes import Wish
from crashdesk.cli.importing.wrong_rows import RowError, WrongRows
from crashdesk.config.file_rows import FileRow
from crashdesk.model.money import MICRO, MOST_ORDER_MICRO, to_micro
from crashdesk.model.records import Liquidation, PriceBasis

_symbol_of = partial(symbol_of, perpetual=True)


class Order(NamedTuple):
    """A liquidation, and with how many decimals its price is written."""

    row: Liquidation
    decimals: int


def read_orders(wish: Wish, wrong: WrongRows, told: Told) -> Iterator[Order]:
    """The liquidations of a file in its order; other rows go to `wrong`. Raises CrashdeskError."""
    settled = False
    for row in table_rows(wish.path, told):
        if not settled:
            settled = True
            _settle(wish, row)
        try:
            yield _order(wish, row)
        except RowError as error:
            wrong.add(wish.path, row.where, error)


def _settle(wish: Wish, row: FileRow) -> None:
    needed = ["ts", "side", "price"]
    needed += [name for name in ("venue", "symbol") if getattr(wish, name) is None]
    wish.settle(row, needed)
    if "usd" not in wish.columns:
        wish.settle(row, ["amount"])


def _order(wish: Wish, row: FileRow) -> Order:
    if SURPLUS in row.values:
        raise RowError("bad row", "more cells than the head has, or no object")
    price = figure(wish.cell(row, "price"), "price")
    amount, usd = _size(wish, row, price)
    if usd * MICRO > MOST_ORDER_MICRO:
        raise RowError("bad size", f"an order of ${float(usd):.3g}: none is so large")
    made = Liquidation(
        venue=wish.of_all(row, "venue", wish.venue, venue_of),
        symbol=wish.of_all(row, "symbol", wish.symbol, _symbol_of),
        ts_ms=time_of(wish.cell(row, "ts")),
        side=side_of(wish.cell(row, "side"), wish.buy_is),
        price=float(price),
        amount=float(amount),
        usd_micro=to_micro(usd),
        basis=_basis(wish, row),
        raw=str(wish.cell(row, "raw") or ""),
    )
    return Order(made, decimals_of(price))


def _size(wish: Wish, row: FileRow, price: Decimal) -> tuple[Decimal, Decimal]:
    """Coins and USD; the one that the row lacks follows from the price."""
    coins, money = wish.cell(row, "amount"), wish.cell(row, "usd")
    amount = None if coins in (None, "") else figure(coins, "size")
    usd = None if money in (None, "") else figure(money, "size", zero=True)
    if amount is not None:
        return amount, amount * price if usd is None else usd
    if usd is None:
        raise RowError("bad size", "neither an amount nor USD")
    return figure(usd / price, "size"), usd


def _basis(wish: Wish, row: FileRow) -> PriceBasis:
    cell = wish.cell(row, "basis")
    try:
        return wish.basis if cell in (None, "") else PriceBasis(str(cell))
    except ValueError:
        raise RowError("bad basis", f"not one of {', '.join(PriceBasis)}: {str(cell)[:40]!r}") from None
