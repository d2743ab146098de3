"""The real ccxt classes: URLs, the slim import, the clock, no keys."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

from crashdesk.config.settings import VenueSettings
from crashdesk.model.errors import CrashdeskError
from crashdesk.venues.capabilities import capability_of, capability_rows
from crashdesk.venues.dialects import DIALECTS
from crashdesk.venues.errors import UnlistedError
from crashdesk.venues.exchange import make_exchange
from crashdesk.venues.pace import Pace
from crashdesk.venues.urls import rewrite_urls
from tests.conftest import FixedClock

WIRED = sorted(DIALECTS)


def strings(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("name", WIRED)
def test_every_url_of_the_real_classes_moves_and_keeps_its_path(name: str, fixed_clock: FixedClock) -> None:
    plain = make_exchange(VenueSettings(name, name), fixed_clock, Pace())
    moved = make_exchange(
        VenueSettings(name, name, api_url="http://127.0.0.1:8001", ws_url="ws://127.0.0.1:8002"), fixed_clock, Pace()
    )
    before, after = strings(plain.urls["api"]), strings(moved.urls["api"])
    assert len(before) == len(after) > 0
    for old, new in zip(before, after, strict=True):
        socket = old.startswith("ws")
        assert new.startswith("ws://127.0.0.1:8002" if socket else "http://127.0.0.1:8001"), old
        assert urlsplit(new).path == urlsplit(old).path
        assert "{" not in new


def test_only_what_is_asked_for_moves() -> None:
    urls = {
        "rest": "https://{hostname}/api",
        "deep": {"ws": ["wss://ws.{hostname}:8443/ws/v5"]},
        "odd": "mailto:x",
        "n": 5,
    }
    assert rewrite_urls(urls, "http://h:1/gate/", None) == {
        "rest": "http://h:1/gate/api",
        "deep": {"ws": ["wss://ws.{hostname}:8443/ws/v5"]},
        "odd": "mailto:x",
        "n": 5,
    }


@pytest.mark.parametrize("url", ["127.0.0.1:80", "ws://h", "http://", "", "ftp://h"])
def test_a_wrong_url_is_named(url: str) -> None:
    with pytest.raises(CrashdeskError, match="api_url"):
        rewrite_urls({}, url, None)


def test_an_exchange_that_is_not_wired_is_refused(fixed_clock: FixedClock) -> None:
    with pytest.raises(UnlistedError, match="hyperliquid"):
        make_exchange(VenueSettings("h", "hyperliquid"), fixed_clock, Pace())


@pytest.mark.parametrize("name", WIRED)
def test_time_comes_from_our_clock_and_there_are_no_keys(name: str, fixed_clock: FixedClock) -> None:
    exchange = make_exchange(VenueSettings(name, name, proxy="http://127.0.0.1:1"), fixed_clock, Pace())
    assert exchange.milliseconds() == fixed_clock.ms
    assert not any(getattr(exchange, key) for key in ("apiKey", "secret", "password", "uid", "token"))
    assert exchange.enableRateLimit
    assert exchange.timeout_on_exit <= 50
    assert exchange.httpsProxy == "http://127.0.0.1:1"


def test_what_is_wired_has_a_row_and_a_dialect() -> None:
    assert {row.exchange for row in capability_rows() if row.wired} == set(DIALECTS)
    hyperliquid = capability_of("hyperliquid")
    assert hyperliquid is not None
    assert "No public market-wide feed" in hyperliquid.note
    for row in capability_rows():
        assert row.note.endswith(".")


PROBE = """
import json, sys
from crashdesk.venues.slim import exchange_class
names = {names}
classes = [exchange_class(name) for name in names]
made = [cls() for cls in classes]
plain = [name for name in sys.modules if name.startswith("ccxt.") and name.count(".") == 2]
modules = len([name for name in plain if ".async_support." in name])
print(json.dumps([[one.id for one in made], modules, type(sys.modules["ccxt"]).__name__]))
"""


def probe(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("names", [["okx"], ["binanceusdm", "binance"], ["binance", "binanceusdm"], WIRED])
def test_the_slim_import_brings_only_what_is_asked_for(names: list[str]) -> None:
    ids, modules, package = probe(PROBE.format(names=names))
    assert ids == names
    assert modules < 13
    assert package == "_Shell"


def test_when_ccxts_insides_change_the_plain_import_is_taken() -> None:
    broken = "import crashdesk.venues.slim as s\ndef no(*a): raise RuntimeError\ns._install_shells = no\n"
    ids, modules, package = probe(broken + PROBE.format(names=["okx"]))
    assert ids == ["okx"]
    assert modules > 50
    assert package == "module"


def test_an_unknown_exchange_is_a_lookup_error() -> None:
    code = """
import json
from crashdesk.venues.slim import exchange_class
try:
    exchange_class("nonesuch")
except LookupError as error:
    print(json.dumps(str(error)))
"""
    assert "nonesuch" in probe(code)


def test_the_capability_table_and_the_control_client_import_no_ccxt() -> None:
    code = """
import json, sys
import crashdesk.venues.capabilities, crashdesk.venues.control_client
print(json.dumps([name for name in ("ccxt", "aiohttp", "asyncio", "pandas") if name in sys.modules]))
"""
    assert probe(code) == []
