"""HTX (Huobi) liquidations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.normalise.rows import (
    Context,
    Refusal,
    RefusedError,
    contract_of,
    liquidation,
    mapping,
    order_side,
    positive,
    time_ms,
)


def rows(page: Sequence[object], context: Context) -> list[Liquidation | Refusal]:
    """Every row of a REST page of liquidation orders of linear swaps, in the venue's v3 or v5 shape.

    The venue's rule (its USDT-margined contract documentation, "Query Liquidation Orders"): `direction` (v3) or `side`
    (v5) is the ORDER side, sell liquidates a long; v5 also says `position_side`, which goes first. `trade_turnover` is
    the USDT value. `volume` counts contracts; so does v5's `amount`, which v3 gives in coins, hence it is not used. The
    price is the order's (v3 `price`) or the bankruptcy price (v5 `bankrupt_price`).
    """
    return [_row(entry, context) for entry in page]


def _row(entry: object, context: Context) -> Liquidation | Refusal:
    try:
        fields = mapping(entry)
        contract = contract_of(context, fields.get("contract_code"))
        bankruptcy = fields.get("bankrupt_price")
        price = positive(fields.get("price") if bankruptcy is None else bankruptcy, "price")
        return liquidation(
            context,
            contract,
            ts_ms=time_ms(fields.get("created_at", fields.get("liquidation_time")), context.now_ms),
            side=_side(fields),
            price=price,
            amount=positive(fields.get("volume"), "size") * contract.size,
            usd=positive(fields.get("trade_turnover"), "turnover"),
            basis=PriceBasis.ORDER if bankruptcy is None else PriceBasis.BANKRUPTCY,
            raw=entry,
        )
    except RefusedError as refused:
        return Refusal(str(refused))


def _side(fields: Mapping[str, object]) -> Side:
    match fields.get("position_side"):
        case "long":
            return Side.LONG
        case "short":
            return Side.SHORT
        case _:
            return order_side(fields.get("direction", fields.get("side")))
