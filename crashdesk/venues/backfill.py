"""What a socket missed while it was disconnected, where the venue can be asked for it afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.normalise.rows import Contract

_PAGE = 1_000
_MOST_PAGES = 20


async def deribit_trades(
    exchange: Any, contracts: Iterable[Contract], start_ms: int, end_ms: int
) -> tuple[list[object], bool]:
    """(trades of all futures from `start_ms` to `end_ms`, whether these are all).

    The venue's rule (its API documentation, "public/get_last_trades_by_currency_and_time"): at most 1,000 trades of the
    contracts that settle in a currency, and whether there are more. Pages overlap by a millisecond; a trade is known
    by its id. Raises BadDataError for an answer in another shape, and what ccxt raises.
    """
    currencies = dict.fromkeys(contract.symbol.partition(":")[2].partition("-")[0] for contract in contracts)
    found: dict[object, object] = {}
    whole = True
    for currency in currencies:
        whole &= await _of_currency(exchange, currency, (start_ms, end_ms), found)
    return list(found.values()), whole


async def _of_currency(exchange: Any, currency: str, span: tuple[int, int], found: dict[object, object]) -> bool:
    start, end = span
    for _ in range(_MOST_PAGES):
        params = {"currency": currency, "kind": "future", "start_timestamp": start, "end_timestamp": end}
        answer = await exchange.publicGetGetLastTradesByCurrencyAndTime(params | {"count": _PAGE, "sorting": "asc"})
        result = answer.get("result")
        trades = result.get("trades") if isinstance(result, dict) else None
        if not isinstance(trades, list) or not all(isinstance(trade, dict) for trade in trades):
            raise BadDataError("not a list of trades")
        found.update({trade.get("trade_id"): trade for trade in trades})
        if not result.get("has_more") or not trades:
            return True
        newest = int(trades[-1].get("timestamp", 0))
        if newest <= start:
            return False
        start = newest
    return False
