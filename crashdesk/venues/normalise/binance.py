"""Binance USD-M and COIN-M forced orders."""

from __future__ import annotations

from crashdesk.model.records import Liquidation, PriceBasis
from crashdesk.venues.normalise.rows import Context, Refusal, RefusedError, contract_row, mapping, order_side


def rows(message: object, context: Context) -> list[Liquidation | Refusal]:
    """The row of a `forceOrder` event (one order a message; a combined-stream wrapper is taken off).

    The venue's rule (derivatives documentation, "All Market Liquidation Order Streams"): `o.S` is the ORDER side, so
    SELL liquidates a long. `o.z` is the filled total and `o.ap` the average price: USD = z × ap for USD-M, z × face for
    COIN-M. `o.l` is only the last fill and not used. At most one order per symbol per second is sent: coverage is
    sampled.
    """
    body = message.get("data", message) if isinstance(message, dict) else message
    order = body.get("o") if isinstance(body, dict) else None
    if order is None:
        return [Refusal("not a liquidation message")]
    return [_row(order, context)]


def _row(order: object, context: Context) -> Liquidation | Refusal:
    try:
        fields = mapping(order)
        return contract_row(
            context,
            fields.get("s"),
            time=fields.get("T"),
            side=order_side(fields.get("S")),
            price=fields.get("ap"),
            size=fields.get("z"),
            basis=PriceBasis.FILL,
            raw=order,
        )
    except RefusedError as refused:
        return Refusal(str(refused))
