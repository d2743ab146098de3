"""A recorded liquidation worked out anew from the venue's own row that was kept with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from crashdesk.model.records import Instrument, Liquidation, MarketKind
from crashdesk.venues.dialects import DIALECTS
from crashdesk.venues.normalise.rows import Context, Contract, Refusal


def can_renormalise(exchange: str) -> bool:
    """Whether there are rules for the liquidations of that exchange (its ccxt id)."""
    dialect = DIALECTS.get(exchange)
    return dialect is not None and dialect.normaliser is not None


def renormalised(row: Liquidation, instrument: Instrument, exchange: str, now_ms: int) -> Liquidation | Refusal:
    """The row by the present rules of `exchange` with the contract of `instrument`; `now_ms` is when it was received.

    It keeps its symbol and its payload. A refusal tells in a few words why the payload cannot be used.
    """
    dialect = DIALECTS.get(exchange)
    if dialect is None or dialect.normaliser is None:
        return Refusal("a venue without rules for liquidations")
    contract = _contract(instrument, spot_positions=dialect.spot_positions)
    if contract is None:
        return Refusal("its market is no contract")
    try:
        payload = json.loads(row.raw)
    except (ValueError, RecursionError):
        return Refusal("the payload kept is no JSON")
    wrap = _WRAPPED.get(exchange, _page)
    found = dialect.normaliser(wrap(payload), Context(row.venue, _OneContract(contract), now_ms))
    if len(found) != 1:
        return Refusal(f"the payload kept is {len(found)} rows" if found else "the payload kept is no liquidation")
    made = found[0]
    return made if isinstance(made, Refusal) else made._replace(raw=row.raw)


class _OneContract(Mapping[str, Contract]):
    """One contract under whatever name: the recorded row says which market its payload was about."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def __getitem__(self, _: str) -> Contract:
        return self._contract

    def __iter__(self) -> Iterator[str]:
        return iter((self._contract.symbol,))

    def __len__(self) -> int:
        return 1


def _contract(instrument: Instrument, *, spot_positions: bool) -> Contract | None:
    """The contract of a recorded market; a margin position in a spot pair counts coins, where the venue has such."""
    if instrument.contract_size is not None:
        return Contract(instrument.symbol, instrument.kind, Decimal(str(instrument.contract_size)))
    return Contract(instrument.symbol, MarketKind.LINEAR, Decimal(1)) if spot_positions else None


def _page(payload: object) -> object:
    """A REST page, or a list of trades, of one row."""
    return [payload]


def _data(payload: object) -> object:
    """A socket message whose rows are its `data`."""
    return {"data": [payload]}


def _order(payload: object) -> object:
    """A `forceOrder` event, of which only the order may have been kept (its own `o` is the order's type, a text)."""
    whole = isinstance(payload, dict) and isinstance(payload.get("o"), dict)
    return payload if whole else {"o": payload}


_WRAPPED: Mapping[str, Callable[[object], object]] = {
    "okx": _data,
    "bybit": _data,
    "binanceusdm": _order,
    "binancecoinm": _order,
}
