"""Gate liquidations."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.normalise.rows import (
    Context,
    Refusal,
    RefusedError,
    contract_of,
    liquidation,
    mapping,
    notional,
    number,
    positive,
    time_ms,
)


def rows(page: Sequence[object], context: Context) -> list[Liquidation | Refusal]:
    """Every row of a REST page of liquidation orders (perpetuals settled in USDT and in BTC).

    The venue's rule (API v4 documentation, "Query liquidation order history"): `time` is in SECONDS. `size` is the
    liquidated position in contracts, above zero for a long (the sign of the WebSocket channel is the opposite), and
    `left` is what the liquidation order did not fill; whether it carries the sign is not stated, so both count by
    their amounts. `fill_price` is the average fill. A contract is `quanto_multiplier` coins; BTC_USD settles in BTC
    and is 1 USD a contract. An order that filled nothing is no row.
    """
    found = [_row(entry, context) for entry in page]
    return [row for row in found if row is not None]


def _row(entry: object, context: Context) -> Liquidation | Refusal | None:
    try:
        fields = mapping(entry)
        contract = contract_of(context, fields.get("contract"))
        size, left = number(fields.get("size"), "size"), abs(number(fields.get("left", 0), "left"))
        if size == 0 or left > abs(size):
            raise RefusedError("size is not above zero" if size == 0 else "more left than there was")
        if left == abs(size):
            return None
        price = positive(fields.get("fill_price"), "price")
        amount, usd = notional(contract, positive(str(abs(size) - left), "size"), price)
        return liquidation(
            context,
            contract,
            ts_ms=time_ms(int(number(fields.get("time"), "time") * 1000), context.now_ms),
            side=Side.LONG if size > 0 else Side.SHORT,
            price=price,
            amount=amount,
            usd=usd,
            basis=PriceBasis.FILL,
            raw=entry,
        )
    except RefusedError as refused:
        return Refusal(str(refused))
