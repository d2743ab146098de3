"""Bybit liquidations."""

from __future__ import annotations

from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.venues.normalise.rows import Context, Refusal, RefusedError, contract_row, mapping


def rows(message: object, context: Context) -> list[Liquidation | Refusal]:
    """Every row of an `allLiquidation.SYMBOL` message.

    The venue's rule (API v5 documentation, "All Liquidation"): `data[]` holds several orders, pushed each
    500 ms, complete. `S` is the POSITION side (Buy = a long was liquidated), the opposite of an order side. `p` is
    the bankruptcy price. `v` is base units for linear contracts (USD = v × p) and USD for inverse ones; the venue's
    contracts are one base unit and one USD.
    """
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, list):
        return [Refusal("not a liquidation message")]
    return [_row(entry, context) for entry in data]


def _row(entry: object, context: Context) -> Liquidation | Refusal:
    try:
        fields = mapping(entry)
        return contract_row(
            context,
            fields.get("s"),
            time=fields.get("T"),
            side=_side(fields.get("S")),
            price=fields.get("p"),
            size=fields.get("v"),
            basis=PriceBasis.BANKRUPTCY,
            raw=entry,
        )
    except RefusedError as refused:
        return Refusal(str(refused))


def _side(position: object) -> Side:
    match position:
        case "Buy":
            return Side.LONG
        case "Sell":
            return Side.SHORT
        case _:
            raise RefusedError("unknown side")
