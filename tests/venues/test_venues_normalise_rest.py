"""Side and USD of Gate's and Bitfinex's liquidations, from payloads in the documented shapes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from crashdesk.model.records import Liquidation, MarketKind, PriceBasis, Side
from crashdesk.venues.markets import listing
from crashdesk.venues.normalise import bitfinex, gate
from crashdesk.venues.normalise.rows import Context, Contract, Refusal

NOW = 1_762_225_964_000
SECOND = NOW // 1000 - 5
THEN = 1000 * SECOND

CONTRACTS = {
    "BTC_USDT": Contract("BTC/USDT:USDT", MarketKind.LINEAR, Decimal("0.0001")),
    "BTC_USD": Contract("BTC/USD:BTC", MarketKind.INVERSE, Decimal(1)),
    "tBTCF0:USTF0": Contract("BTC/USDT:USDT", MarketKind.LINEAR, Decimal(1)),
    "tBTCUSD": Contract("BTC/USD", MarketKind.LINEAR, Decimal(1)),
    "tDOGE:UST": Contract("DOGE/USDT", MarketKind.LINEAR, Decimal(1)),
}
CONTEXT = Context("v", CONTRACTS, NOW)


def gate_row(**more: Any) -> dict[str, Any]:
    row = {"time": SECOND, "contract": "BTC_USDT", "size": 600, "left": 0, "order_size": -600}
    return row | {"fill_price": "103424", "order_price": "103405"} | more


def bitfinex_row(**more: Any) -> list[Any]:
    fields = {"kind": "pos", "id": 171085137, "time": THEN, "a": None, "symbol": "tBTCF0:USTF0", "amount": -0.5}
    fields |= {"base": 98_000, "b": None, "match": 1, "sold": 1, "c": None, "price": 104_000.5}
    return list((fields | more).values())


TRUE = [
    ("gate: above zero is a long", gate.rows, gate_row(), Side.LONG, "6205.44", 0.06),
    ("gate: below zero is a short", gate.rows, gate_row(size=-600), Side.SHORT, "6205.44", 0.06),
    ("gate: what is left was not filled", gate.rows, gate_row(left=100), Side.LONG, "5171.2", 0.05),
    ("gate: left with the sign of the size", gate.rows, gate_row(size=-600, left=-100), Side.SHORT, "5171.2", 0.05),
    ("gate: left without the sign", gate.rows, gate_row(size=-600, left=100), Side.SHORT, "5171.2", 0.05),
    (
        "gate: numbers as text, parts of a contract",
        gate.rows,
        gate_row(time=str(SECOND), size="-0.5", left="0"),
        Side.SHORT,
        "5.1712",
        0.00005,
    ),
    (
        "gate settled in BTC: 1 USD a contract",
        gate.rows,
        gate_row(contract="BTC_USD", size=-165, fill_price="100000"),
        Side.SHORT,
        "165",
        0.00165,
    ),
    ("bitfinex: below zero is a short", bitfinex.rows, bitfinex_row(), Side.SHORT, "52000.25", 0.5),
    ("bitfinex: above zero is a long", bitfinex.rows, bitfinex_row(amount=0.5), Side.LONG, "52000.25", 0.5),
    ("bitfinex: taken over by the venue", bitfinex.rows, bitfinex_row(sold=0), Side.SHORT, "52000.25", 0.5),
    (
        "bitfinex: numbers as text",
        bitfinex.rows,
        bitfinex_row(time=str(THEN), amount="-0.5", match="1", price="104000.5"),
        Side.SHORT,
        "52000.25",
        0.5,
    ),
    (
        "bitfinex: a margin position in a spot pair",
        bitfinex.rows,
        bitfinex_row(symbol="tBTCUSD", amount=2),
        Side.LONG,
        "208001",
        2.0,
    ),
    (
        "bitfinex: UST is USDT",
        bitfinex.rows,
        bitfinex_row(symbol="tDOGE:UST", amount=1000, price=0.17),
        Side.LONG,
        "170",
        1000.0,
    ),
]


@pytest.mark.parametrize(
    ("rows", "raw", "side", "usd", "amount"), [row[1:] for row in TRUE], ids=[row[0] for row in TRUE]
)
def test_side_and_usd(rows: Any, raw: Any, side: Side, usd: str, amount: float) -> None:
    (row,) = rows([raw], CONTEXT)
    assert isinstance(row, Liquidation)
    assert row.side is side
    assert row.usd_micro == int(Decimal(usd) * 1_000_000)
    assert row.amount == pytest.approx(amount)
    assert (row.venue, row.ts_ms, row.basis) == ("v", THEN, PriceBasis.FILL)
    assert rows([json.loads(row.raw)], CONTEXT) == [row]


def test_twins_of_one_page_are_two_rows_and_a_bad_row_between_them_is_one_refusal() -> None:
    page = [gate_row(), gate_row(fill_price=None), gate_row()]
    first, bad, second = gate.rows(page, CONTEXT)
    assert first == second
    assert bad == Refusal("missing price")


def test_an_order_of_gate_that_filled_nothing_is_no_row() -> None:
    assert gate.rows([gate_row(left=600, fill_price="0")], CONTEXT) == []
    assert gate.rows([gate_row(size=-600, left=-600)], CONTEXT) == []


@pytest.mark.parametrize("match", [0, "0"])
def test_a_trigger_of_bitfinex_is_not_counted_beside_its_execution(match: Any) -> None:
    trigger = bitfinex_row(match=match, price=None)
    (row,) = bitfinex.rows([trigger, bitfinex_row()], CONTEXT)
    assert isinstance(row, Liquidation)
    assert row.usd_micro == 52_000_250_000


GATE_REFUSED = [
    ({"fill_price": None}, "missing price"),
    ({"fill_price": "0"}, "price is not above zero"),
    ({"fill_price": "NaN"}, "price is not a number"),
    ({"fill_price": "1e10"}, "absurd price"),
    ({"size": 0}, "size is not above zero"),
    ({"size": None}, "missing size"),
    ({"size": True}, "size is not a number"),
    ({"size": "1e999999"}, "absurd size"),
    ({"size": 10**17}, "absurd size"),
    ({"left": 601}, "more left than there was"),
    ({"left": "x"}, "left is not a number"),
    ({"contract": "[red]NOSUCH_USDT[/]"}, "unknown symbol"),
    ({"contract": "BTC_USDT\x1b[2J"}, "unknown symbol"),
    ({"contract": ["BTC_USDT"]}, "unknown symbol"),
    ({"time": None}, "missing time"),
    ({"time": SECOND + 66}, "time in the future"),
    ({"time": THEN}, "time in the future"),
    ({"time": 1_262_303_999}, "time before 2010"),
    ({"time": -1}, "time before 2010"),
    ({"time": "Infinity"}, "time is not a number"),
    ({"time": 10**5000}, "time is not a number"),
]


@pytest.mark.parametrize(("change", "reason"), GATE_REFUSED)
def test_rows_of_gate_that_cannot_be_trusted(change: dict[str, Any], reason: str) -> None:
    assert gate.rows([gate_row(**change)], CONTEXT) == [Refusal(reason)]


BITFINEX_REFUSED = [
    ({"price": None}, "missing price"),
    ({"price": 0}, "price is not above zero"),
    ({"price": -5}, "price is not above zero"),
    ({"price": float("nan")}, "price is not a number"),
    ({"amount": 0}, "size is not above zero"),
    ({"amount": None}, "missing size"),
    ({"amount": "1e30"}, "absurd size"),
    ({"amount": [1]}, "size is not a number"),
    ({"match": 2}, "neither trigger nor execution"),
    ({"match": None}, "neither trigger nor execution"),
    ({"symbol": "tNOSUCHF0:USTF0"}, "unknown symbol"),
    ({"symbol": "tBTCUSD\x1b[31m"}, "not quoted in dollars"),
    ({"symbol": "tETHBTC"}, "not quoted in dollars"),
    ({"symbol": "tBTCEUR"}, "not quoted in dollars"),
    ({"symbol": None}, "unknown symbol"),
    ({"time": NOW + 60_001}, "time in the future"),
    ({"time": 1_262_303_999_999}, "time before 2010"),
    ({"time": None}, "missing time"),
]


@pytest.mark.parametrize(("change", "reason"), BITFINEX_REFUSED)
def test_rows_of_bitfinex_that_cannot_be_trusted(change: dict[str, Any], reason: str) -> None:
    assert bitfinex.rows([bitfinex_row(**change)], CONTEXT) == [Refusal(reason)]


@pytest.mark.parametrize("entry", [None, [], "x", {}, 5, ["pos"], [[]], [None] * 12])
def test_garbage_is_refused_not_raised(entry: Any) -> None:
    assert isinstance(gate.rows([entry], CONTEXT)[0], Refusal)
    assert isinstance(bitfinex.rows([entry], CONTEXT)[0], Refusal)


def market(market_id: str, symbol: str, **more: Any) -> dict[str, Any]:
    base, _, rest = symbol.partition("/")
    quote, _, settle = rest.partition(":")
    kind = {"swap": bool(settle), "spot": not settle, "linear": settle == quote, "inverse": settle not in ("", quote)}
    return {"id": market_id, "symbol": symbol, "base": base, "quote": quote, "settle": settle or None} | kind | more


def test_what_is_a_contract() -> None:
    markets = [
        market("BTC_USDT", "BTC/USDT:USDT", contractSize=0.0001),
        market("BTC_USD", "BTC/USD:BTC", contractSize=1),
        market("ETH_USD", "ETH/USD:BTC", contractSize=0.0001),  # a quanto contract
        market("tBTCUSD", "BTC/USD"),
    ]
    assert set(listing("v", markets).contracts) == {"BTC_USDT", "BTC_USD"}
    with_spot = listing("v", markets, spot_positions=True)
    assert with_spot.contracts["tBTCUSD"] == Contract("BTC/USD", MarketKind.LINEAR, Decimal(1))
    assert with_spot.instruments["BTC/USD"].contract_size is None
