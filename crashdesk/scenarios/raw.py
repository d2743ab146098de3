"""Liquidation rows as each venue publishes them.

The shapes are those of the venues' public documentation: OKX `liquidation-orders` channel, Binance USD-M `forceOrder`,
Bybit `allLiquidation`, HTX linear swap `swap_liquidation_orders`, Gate `liq_orders`. Hyperliquid publishes no such
rows: its orders have no payload.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from crashdesk.model.money import MICRO
from crashdesk.scenarios.perps import BINANCE, BYBIT, GATE, HTX, HYPERLIQUID, OKX, Perp, power

RawWriter = Callable[[bool, int, int, int, int], str]
"""(long, lots, price in ticks, USD in micro-dollars, time in ms) -> one row as JSON text."""


def raw_writer(perp: Perp) -> RawWriter:
    """The writer of rows of one contract."""
    return _WRITERS[perp.venue](perp)


def _fixed(exponent: int) -> Callable[[int], str]:
    """Text of n × 10**exponent without a float between."""
    if exponent >= 0:
        zeros = "0" * exponent
        return lambda n: f"{n}{zeros}"
    scale, digits = 10**-exponent, -exponent
    return lambda n: f"{n // scale}.{n % scale:0{digits}d}"


def _okx(perp: Perp) -> RawWriter:
    price, size = _fixed(-perp.decimals), _fixed(perp.lot - perp.contract)
    family = perp.native.removesuffix("-SWAP")
    head = (
        f'{{"instId":"{perp.native}","instType":"SWAP","instFamily":"{family}","uly":"{family}",'
        '"details":[{"bkLoss":"0","bkPx":"'
    )
    long_side, short_side = '"posSide":"long","side":"sell"', '"posSide":"short","side":"buy"'

    def write(is_long: bool, lots: int, ticks: int, _usd: int, ts_ms: int) -> str:
        side = long_side if is_long else short_side
        return f'{head}{price(ticks)}","ccy":"",{side},"sz":"{size(lots)}","ts":"{ts_ms}"}}]}}'

    return write


def _binance(perp: Perp) -> RawWriter:
    price, size = _fixed(-perp.decimals), _fixed(perp.lot)

    def write(is_long: bool, lots: int, ticks: int, _usd: int, ts_ms: int) -> str:
        # The order's limit lies beyond its average fill; its last fill (`l`) is only a part of what was filled (`z`).
        limit, side = (ticks - ticks // 250, "SELL") if is_long else (ticks + ticks // 250, "BUY")
        amount, fill, last = size(lots), price(ticks), size((lots + 2) // 3)
        return (
            f'{{"e":"forceOrder","E":{ts_ms + 3},"o":{{"s":"{perp.native}","S":"{side}","o":"LIMIT","f":"IOC",'
            f'"q":"{amount}","p":"{price(limit)}","ap":"{fill}","X":"FILLED","l":"{last}","z":"{amount}","T":{ts_ms}}}}}'
        )

    return write


def _bybit(perp: Perp) -> RawWriter:
    price, size = _fixed(-perp.decimals), _fixed(perp.lot)

    def write(is_long: bool, lots: int, ticks: int, _usd: int, ts_ms: int) -> str:
        side = "Buy" if is_long else "Sell"
        return f'{{"T":{ts_ms},"s":"{perp.native}","S":"{side}","v":"{size(lots)}","p":"{price(ticks)}"}}'

    return write


def _htx(perp: Perp) -> RawWriter:
    scale, contract = 10**perp.decimals, power(perp.contract)
    lots_a_contract = 10 ** (perp.contract - perp.lot)

    def write(is_long: bool, lots: int, ticks: int, usd: int, ts_ms: int) -> str:
        contracts = lots // lots_a_contract
        return json.dumps(
            {
                "contract_code": perp.native,
                "symbol": perp.coin,
                "direction": "sell" if is_long else "buy",
                "offset": "close",
                "volume": float(contracts),
                "price": ticks / scale,
                "created_at": ts_ms,
                "amount": contracts * contract,
                "trade_turnover": usd / MICRO,
                "business_type": "swap",
                "pair": perp.native,
            },
            separators=(",", ":"),
        )

    return write


def _gate(perp: Perp) -> RawWriter:
    price, lots_a_contract = _fixed(-perp.decimals), 10 ** (perp.contract - perp.lot)

    def write(is_long: bool, lots: int, ticks: int, _usd: int, ts_ms: int) -> str:
        # The order's limit lies beyond its average fill.
        limit = ticks - ticks // 250 if is_long else ticks + ticks // 250
        size = lots // lots_a_contract * (1 if is_long else -1)
        return (
            f'{{"time":{ts_ms // 1000},"contract":"{perp.native}","size":{size},"order_price":"{price(limit)}",'
            f'"fill_price":"{price(ticks)}","left":0}}'
        )

    return write


def _no_row(_perp: Perp) -> RawWriter:
    return lambda *_: ""


_WRITERS = {OKX: _okx, BINANCE: _binance, BYBIT: _bybit, HTX: _htx, GATE: _gate, HYPERLIQUID: _no_row}
