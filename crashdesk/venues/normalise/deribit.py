"""Deribit: trades that were somebody's liquidation."""

from __future__ import annotations

from decimal import Decimal

from crashdesk.model.records import Liquidation, MarketKind, PriceBasis, Side
from crashdesk.venues.normalise.rows import (
    Context,
    Contract,
    Refusal,
    RefusedError,
    contract_of,
    liquidation,
    mapping,
    order_side,
    positive,
    time_ms,
)

_ROLES = {"T": ("T",), "M": ("M",), "MT": ("M", "T")}


def rows(message: object, context: Context) -> list[Liquidation | Refusal]:
    """The liquidations among the trades of a `trades.future.*` message, or of a list of trades.

    The venue's rule (its API documentation, channel "trades.(kind).(currency).(interval)"): `liquidation` stands only
    at trades that a liquidation caused; T: the taker was liquidated, M: the maker, MT: both, which is two rows.
    `direction` is the taker's side, so a taker that sold was long, and a maker that was bought from was long. `amount`
    is USD for inverse contracts and base units for linear ones, whatever the contract's size. Options are not
    subscribed, and settlements (what ccxt calls the venue's liquidations) are not liquidations. A row is one fill: an
    order that was filled in parts is several. `raw` is the trade with the row's own role as its flag.
    """
    trades = message
    if isinstance(message, dict):
        params = message.get("params")
        trades = params.get("data") if isinstance(params, dict) else None
    if not isinstance(trades, list):
        return [Refusal("not a liquidation message")]
    out: list[Liquidation | Refusal] = []
    for trade in trades:
        if isinstance(trade, dict) and trade.get("liquidation") is None:
            continue
        out += _rows(trade, context)
    return out


def _rows(trade: object, context: Context) -> list[Liquidation | Refusal]:
    """One row for each side that was liquidated."""
    try:
        fields = dict(mapping(trade))
        flag = fields["liquidation"]
        roles = _ROLES.get(flag) if isinstance(flag, str) else None
        if roles is None:
            raise RefusedError("unknown side")
        return [_row(fields | {"liquidation": role}, role, context) for role in roles]
    except RefusedError as refused:
        return [Refusal(str(refused))]


def _row(fields: dict[str, object], role: str, context: Context) -> Liquidation:
    contract = contract_of(context, fields.get("instrument_name"))
    price = positive(fields.get("price"), "price")
    amount, usd = _notional(contract, positive(fields.get("amount"), "size"), price)
    return liquidation(
        context,
        contract,
        ts_ms=time_ms(fields.get("timestamp"), context.now_ms),
        side=_side(fields.get("direction"), role),
        price=price,
        amount=amount,
        usd=usd,
        basis=PriceBasis.FILL,
        raw=fields,
    )


def _notional(contract: Contract, amount: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
    """(base units, USD)."""
    return (amount / price, amount) if contract.kind is MarketKind.INVERSE else (amount, amount * price)


def _side(direction: object, role: str) -> Side:
    taker = order_side(direction)
    if role == "T":
        return taker
    return Side.SHORT if taker is Side.LONG else Side.LONG
