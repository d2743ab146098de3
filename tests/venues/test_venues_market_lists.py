"""Market lists: trimmed to what is read, and kept in a cache."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import (
    Instrument,
    MarketKind,
)
from crashdesk.venues.markets import cache_file, listing, read_cache, trim, write_cache


def market(symbol: str, **more: Any) -> dict[str, Any]:
    base, _, rest = symbol.partition("/")
    quote_name, _, settle = rest.partition(":")
    body = {"id": symbol.replace("/", ""), "symbol": symbol, "base": base, "quote": quote_name, "spot": not settle}
    body |= {"swap": bool(settle), "linear": settle == quote_name, "inverse": settle == base, "active": True}
    return (
        body | {"contractSize": 0.01 if settle else None, "precision": {"price": 0.1}, "info": {"x": "y" * 50}} | more
    )


def test_the_list_is_trimmed_to_what_is_read() -> None:
    made = trim(
        [
            market("BTC/USDT"),
            market("BTC/EUR"),
            market("ETH/EUR"),
            market("OLD/USDT", active=False),
            market("BTC/USD:BTC"),
            market("BTC/FDUSD:FDUSD"),
            market("ETH/BTC:BTC"),
        ],
        also=["BTC/EUR"],
    )
    assert [one["symbol"] for one in made] == ["BTC/USDT", "BTC/EUR", "BTC/USD:BTC", "BTC/FDUSD:FDUSD"]
    assert made[0]["info"] == {}


def test_instruments_and_contracts_of_a_list() -> None:
    found = listing(
        "okx",
        [
            market("BTC/USDT"),
            market("BTC/USDT:USDT"),
            market("BTC/USD:BTC", contractSize=100),
            market("BAD/USDT:USDT", contractSize=float("nan")),
            market("\x1b[31m/USDT"),
            {"symbol": None},
        ],
    )
    assert list(found.instruments) == ["BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC"]
    assert found.instruments["BTC/USD:BTC"] == Instrument(
        "okx", "BTC/USD:BTC", "BTC", "USD", MarketKind.INVERSE, 100.0, 1
    )
    assert [contract.symbol for contract in found.contracts.values()] == ["BTC/USDT:USDT", "BTC/USD:BTC"]


def test_the_cache_comes_back_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = cache_file(tmp_path, VenueSettings("okx", "okx", api_url="http://127.0.0.1:5"))
    assert path != cache_file(tmp_path, VenueSettings("okx", "okx"))
    write_cache(path, "okx", 1_000, [market("BTC/USDT")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_cache(path, "okx", 1_500, 1_000) == json.loads(json.dumps([market("BTC/USDT")]))
    assert read_cache(path, "okx", 2_001, 1_000) is None, "too old"
    assert read_cache(path, "okx", 500, 1_000) is None, "from the future"
    assert read_cache(path, "bybit", 1_500, 1_000) is None
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 2}', b'{"version": 1, "exchange": "okx", "saved_ms": "x"}',
     b'{"version": 1, "exchange": "okx", "saved_ms": 1, "markets": [5]}',
     b'{"version": 1, "exchange": "okx", "saved_ms": 1, "markets": []}'],
)  # fmt: skip
def test_a_broken_cache_is_as_good_as_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "okx.json"
    path.write_bytes(body)
    assert read_cache(path, "okx", 2, 1_000) is None


def test_a_cache_that_cannot_be_written_is_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_cache(tmp_path / "file" / "okx.json", "okx", 1, [market("BTC/USDT")])
    write_cache(tmp_path / "okx.json", "okx", 1, [{"id": object()}])
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
