"""OKX liquidation orders."""

from __future__ import annotations

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.normalise.rows import Context, Refusal, RefusedError, contract_row, mapping, order_side


def rows(message: object, context: Context) -> list[Liquidation | Refusal]:
    """Every row of a message of the `liquidation-orders` channel.

    The venue's rule (its API v5 documentation, public WebSocket channel "liquidation orders"): `data[].details[]` holds
    one order each. `posSide` names the liquidated position; in net mode it is `net` and the ORDER `side` tells: a sell
    closes a long. `sz` counts contracts of `ctVal`, `bkPx` is the bankruptcy price: USD = sz × ctVal × bkPx for linear,
    sz × ctVal for inverse contracts. The channel does not carry every liquidation: coverage is partial.
    """
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, list):
        return [Refusal("not a liquidation message")]
    out: list[Liquidation | Refusal] = []
    for entry in data:
        details = entry.get("details") if isinstance(entry, dict) else None
        if not isinstance(details, list):
            out.append(Refusal("no details"))
            continue
        out.extend(_row(entry, detail, context) for detail in details)
    return out


def _row(entry: dict[str, object], detail: object, context: Context) -> Liquidation | Refusal:
    try:
        fields = mapping(detail)
        return contract_row(
            context,
            entry.get("instId"),
            time=fields.get("ts"),
            side=_side(fields.get("posSide"), fields.get("side")),
            price=fields.get("bkPx"),
            size=fields.get("sz"),
            basis=PriceBasis.BANKRUPTCY,
            raw={**{key: value for key, value in entry.items() if key != "details"}, "details": [detail]},
        )
    except RefusedError as refused:
        return Refusal(str(refused))


def _side(position: object, order: object) -> Side:
    match position:
        case "long":
            return Side.LONG
        case "short":
            return Side.SHORT
        case "net":
            return order_side(order)
        case _:
            raise RefusedError("unknown side")
