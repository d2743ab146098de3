"""What the normalisers share: contracts, refusals, and checks that a row of numbers can be trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from crashdesk.model.money import MICRO, MOST_ORDER_MICRO, to_micro
from crashdesk.model.records import Liquidation, MarketKind, PriceBasis, Side

FUTURE_MS = 60_000
EARLIEST_MS = 1_262_304_000_000
"""2010-01-01 UTC: nothing that these venues report can be older."""
UNKNOWN_SYMBOL = "unknown symbol"
NOT_IN_DOLLARS = "not quoted in dollars"
_SMALLEST = Decimal(10) ** -18
_LARGEST = Decimal(10) ** 18
_ABSURD_PRICE = Decimal(10) ** 9
_MOST_USD = Decimal(MOST_ORDER_MICRO) / MICRO
_JSON = json.JSONEncoder(separators=(",", ":"))
"""ASCII alone, so that a payload can be shown and written anywhere, whatever is in its texts."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A venue's contract as its liquidations name it.

    `size` is base units a contract for linear contracts, USD face a contract for inverse ones.
    """

    symbol: str
    kind: MarketKind
    size: Decimal


Contracts = Mapping[str, Contract]
"""Contracts by the venue's own instrument id."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that could not be trusted, and why in a few words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a normaliser needs to know: the venue's name in the recording, its contracts, and the time (UTC ms)."""

    venue: str
    contracts: Contracts
    now_ms: int


class RefusedError(Exception):
    """Inside a normaliser: this row cannot be trusted."""


def contract_of(context: Context, instrument_id: object) -> Contract:
    """The contract with that id. Raises RefusedError when the venue's market list has none."""
    contract = context.contracts.get(instrument_id) if isinstance(instrument_id, str) else None
    if contract is None:
        raise RefusedError(UNKNOWN_SYMBOL)
    return contract


def number(value: object, name: str) -> Decimal:
    """A finite number from a string or JSON number. Raises RefusedError naming the field."""
    if value is None or value == "":
        raise RefusedError(f"missing {name}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RefusedError(f"{name} is not a number")
    try:
        found = Decimal(str(value))
    except (InvalidOperation, ValueError):  # ValueError: an integer of more digits than Python writes
        raise RefusedError(f"{name} is not a number") from None
    if not found.is_finite():
        raise RefusedError(f"{name} is not a number")
    if found and not _SMALLEST < abs(found) < _LARGEST:
        raise RefusedError(f"absurd {name}")
    return found


def positive(value: object, name: str) -> Decimal:
    """A finite number above zero from a string or JSON number. Raises RefusedError naming the field."""
    found = number(value, name)
    if found <= 0:
        raise RefusedError(f"{name} is not above zero")
    return found


def time_ms(value: object, now_ms: int) -> int:
    """A plausible time in UTC ms. Raises RefusedError for none, the future (over 60 s) or before 2010."""
    try:
        ts_ms = int(str(value))
    except ValueError:
        raise RefusedError("missing time") from None
    if ts_ms > now_ms + FUTURE_MS:
        raise RefusedError("time in the future")
    if ts_ms < EARLIEST_MS:
        raise RefusedError("time before 2010")
    return ts_ms


def liquidation(
    context: Context,
    contract: Contract,
    *,
    ts_ms: int,
    side: Side,
    price: Decimal,
    amount: Decimal,
    usd: Decimal,
    basis: PriceBasis,
    raw: object,
) -> Liquidation:
    """The finished row; `amount` in base units, `usd` its notional. Raises RefusedError when a number is absurd."""
    if price > _ABSURD_PRICE:
        raise RefusedError("absurd price")
    if usd > _MOST_USD:
        raise RefusedError("absurd size")
    micro = to_micro(usd)
    if micro <= 0:
        raise RefusedError("size rounds to nothing")
    text = _JSON.encode(raw)
    return Liquidation(context.venue, contract.symbol, ts_ms, side, float(price), float(amount), micro, basis, text)


def contract_row(
    context: Context,
    instrument_id: object,
    *,
    time: object,
    side: Side,
    price: object,
    size: object,
    basis: PriceBasis,
    raw: object,
) -> Liquidation:
    """The row of a venue that gives a number of contracts (`size`) and a price. Raises RefusedError."""
    contract = contract_of(context, instrument_id)
    checked = positive(price, "price")
    amount, usd = notional(contract, positive(size, "size"), checked)
    ts_ms = time_ms(time, context.now_ms)
    return liquidation(
        context, contract, ts_ms=ts_ms, side=side, price=checked, amount=amount, usd=usd, basis=basis, raw=raw
    )


def notional(contract: Contract, contracts: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
    """(base units, USD) of a number of contracts at a price.

    Linear: contracts × size base units, worth that × price. Inverse: contracts × size USD, which is that / price in
    base units.
    """
    if contract.kind is MarketKind.INVERSE:
        usd = contracts * contract.size
        return usd / price, usd
    amount = contracts * contract.size
    return amount, amount * price


def order_side(value: object) -> Side:
    """The position that an ORDER side closes: a forced sell closes a long. Raises RefusedError for anything else."""
    match value.lower() if isinstance(value, str) else None:
        case "sell":
            return Side.LONG
        case "buy":
            return Side.SHORT
        case _:
            raise RefusedError("unknown side")


def mapping(value: object) -> Mapping[str, object]:
    """`value` as a JSON object. Raises RefusedError when it is none."""
    if not isinstance(value, dict):
        raise RefusedError("not an object")
    return value
