"""Bitfinex liquidations."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.normalise.rows import (
    NOT_IN_DOLLARS,
    Context,
    Contract,
    Refusal,
    RefusedError,
    contract_of,
    liquidation,
    notional,
    number,
    positive,
    time_ms,
)

_TIME, _SYMBOL, _AMOUNT, _IS_MATCH, _PRICE = 2, 4, 5, 8, 11
_DOLLARS = ("USD", "UST", "USTF0")


def rows(page: Sequence[object], context: Context) -> list[Liquidation | Refusal]:
    """Every execution in a REST page of liquidations, of derivatives and of margin positions in spot pairs.

    The venue's rule (API v2 documentation, "Liquidations"): a row is ["pos", position, time, -, symbol, amount, base
    price, -, is-match, is-market-sold, -, price acquired]. A position comes as the trigger of its liquidation (is-match
    0) and as its execution (1): only executions count, each position's trigger says the same again. `amount` is above
    zero for a long; USD = |amount| × price acquired (the base price is the owner's entry). UST is USDT, and F0 marks
    derivatives, whose contracts are one coin.
    """
    found = [_row(entry, context) for entry in page]
    return [row for row in found if row is not None]


def _row(entry: object, context: Context) -> Liquidation | Refusal | None:
    try:
        if not isinstance(entry, list) or len(entry) <= _PRICE:
            raise RefusedError("not a row of a liquidation")
        match str(entry[_IS_MATCH]):
            case "0":
                return None
            case "1":
                pass
            case _:
                raise RefusedError("neither trigger nor execution")
        contract = _contract(entry[_SYMBOL], context)
        signed = number(entry[_AMOUNT], "size")
        price = positive(entry[_PRICE], "price")
        amount, usd = notional(contract, positive(str(abs(signed)), "size"), price)
        return liquidation(
            context,
            contract,
            ts_ms=time_ms(entry[_TIME], context.now_ms),
            side=Side.LONG if signed > 0 else Side.SHORT,
            price=price,
            amount=amount,
            usd=usd,
            basis=PriceBasis.FILL,
            raw=entry,
        )
    except RefusedError as refused:
        return Refusal(str(refused))


def _contract(symbol: object, context: Context) -> Contract:
    """`tBTCUSD`, `tDOGE:USD` or `tBTCF0:USTF0`. Raises RefusedError for what is unknown or not quoted in dollars."""
    if isinstance(symbol, str) and not symbol.endswith(_DOLLARS):
        raise RefusedError(NOT_IN_DOLLARS)
    return contract_of(context, symbol)
