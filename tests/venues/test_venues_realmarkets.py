"""The venues' real market lists, read by the real ccxt classes, through the cache and back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import MarketKind
from crashdesk.venues.exchange import make_exchange
from crashdesk.venues.markets import listing, read_cache, trim, write_cache
from crashdesk.venues.pace import Pace
from tests.conftest import FixedClock

FILES = {
    "okx": {"instType=SWAP": "okx_instruments_swap", "instType=SPOT": "okx_instruments_spot"},
    "binanceusdm": {"exchangeInfo": "binanceusdm_exchangeInfo"},
    "htx": {"swap_contract_info": "htx_linear_contracts"},
    "gate": {"usdt/contracts": "gate_futures_contracts"},
    "kraken": {"AssetPairs": "kraken_assetpairs"},
}
KNOWN = {
    "okx": [
        ("BTC/USDT:USDT", MarketKind.LINEAR, "0.01", "BTC-USDT-SWAP"),
        ("BTC/USD:BTC", MarketKind.INVERSE, "100", "BTC-USD-SWAP"),
    ],
    "binanceusdm": [("BTC/USDT:USDT", MarketKind.LINEAR, "1", "BTCUSDT")],
    "htx": [("BTC/USDT:USDT", MarketKind.LINEAR, "0.001", "BTC-USDT")],
    "gate": [
        ("BTC/USDT:USDT", MarketKind.LINEAR, "0.0001", "BTC_USDT"),
        ("DOGE/USDT:USDT", MarketKind.LINEAR, "10", "DOGE_USDT"),
    ],
    "kraken": [("BTC/USD", MarketKind.SPOT, None, "XXBTZUSD")],
}


@pytest.mark.parametrize("name", FILES)
async def test_real_market_lists(name: str, realdata: Path, tmp_path: Path, fixed_clock: FixedClock) -> None:
    exchange = make_exchange(VenueSettings(name, name), fixed_clock, Pace(throttle=False))

    async def from_file(url: str, *_: Any) -> Any:
        if "btc/contracts" in url:  # what Gate settles in BTC is not at hand
            return []
        if "instType=FUTURES" in url:  # nor are OKX's dated futures
            return {"code": "0", "data": []}
        file = next(file for part, file in FILES[name].items() if part in url)
        body = json.loads((realdata / "payloads" / f"{file}.json").read_text(encoding="utf-8"))["body"]
        if name == "kraken":  # the list is from before the venue told a pair's status
            body["result"] = {key: pair | {"status": "online"} for key, pair in body["result"].items()}
        return body

    if name == "htx":  # its spot list is not at hand
        exchange.options["fetchMarkets"]["types"] = {"spot": False, "linear": True, "inverse": False}
    exchange.fetch = from_file
    try:
        markets = trim(await exchange.fetch_markets(), ())
        write_cache(tmp_path / "m.json", name, 1, markets)
        again = read_cache(tmp_path / "m.json", name, 2, 10)
        assert again is not None
        exchange.set_markets(again)
        found = listing(name, again)
        assert found.instruments.keys() == listing(name, markets).instruments.keys()
        assert len(found.instruments) >= 50
        for symbol, kind, size, venue_id in KNOWN[name]:
            assert found.instruments[symbol].kind is kind
            assert found.ids[symbol] == venue_id == exchange.market(symbol)["id"]
            if size is not None:
                assert found.contracts[venue_id].size == Decimal(size)
    finally:
        await exchange.close()
