"""Side and USD of Deribit's forced trades."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from crashdesk.model.records import Liquidation, MarketKind, PriceBasis, Side
from crashdesk.venues.normalise import deribit
from crashdesk.venues.normalise.rows import Context, Contract, Refusal

NOW = 1_762_225_964_000
THEN = NOW - 5_000
CONTRACTS = {
    "BTC-PERPETUAL": Contract("BTC/USD:BTC", MarketKind.INVERSE, Decimal(10)),
    "ETH-PERPETUAL": Contract("ETH/USD:ETH", MarketKind.INVERSE, Decimal(1)),
    "BTC_USDC-PERPETUAL": Contract("BTC/USDC:USDC", MarketKind.LINEAR, Decimal("0.0001")),
}
CONTEXT = Context("deribit", CONTRACTS, NOW)


def trade(**more: Any) -> dict[str, Any]:
    row = {"trade_seq": 189_216_533, "trade_id": "313524487", "timestamp": THEN, "tick_direction": 2}
    row |= {"price": 104_500.0, "mark_price": 104_501.2, "instrument_name": "BTC-PERPETUAL", "index_price": 104_510.9}
    return row | {"direction": "sell", "contracts": 2_500.0, "amount": 25_000.0, "liquidation": "T"} | more


def message(*trades: Any) -> dict[str, Any]:
    params = {"channel": "trades.future.any.100ms", "data": list(trades)}
    return {"jsonrpc": "2.0", "method": "subscription", "params": params}


LINEAR = {"instrument_name": "BTC_USDC-PERPETUAL", "amount": 0.049, "price": 104_500.0, "contracts": 490.0}
TRUE = [
    ("taker sold: it was long", trade(), [(Side.LONG, 25_000_000_000)], 25_000 / 104_500),
    ("taker bought: it was short", trade(direction="buy"), [(Side.SHORT, 25_000_000_000)], 25_000 / 104_500),
    ("maker sold: it was long", trade(liquidation="M", direction="buy"), [(Side.LONG, 25_000_000_000)], None),
    ("maker bought from a seller", trade(liquidation="M"), [(Side.SHORT, 25_000_000_000)], None),
    ("both", trade(liquidation="MT"), [(Side.SHORT, 25_000_000_000), (Side.LONG, 25_000_000_000)], None),
    ("linear, in coins whatever the contract", trade(**LINEAR), [(Side.LONG, 5_120_500_000)], 0.049),
    ("face of one", trade(instrument_name="ETH-PERPETUAL", amount=7, price=3_500), [(Side.LONG, 7_000_000)], 0.002),
]  # fmt: skip


@pytest.mark.parametrize(("what", "raw", "wanted", "amount"), TRUE, ids=[case[0] for case in TRUE])
def test_side_and_dollars(what: str, raw: dict[str, Any], wanted: list[tuple[Side, int]], amount: float | None) -> None:
    rows = deribit.rows(message(raw), CONTEXT)
    assert all(isinstance(row, Liquidation) for row in rows)
    found = [row for row in rows if isinstance(row, Liquidation)]
    assert [(row.side, row.usd_micro) for row in found] == wanted, what
    assert {row.basis for row in found} == {PriceBasis.FILL}
    if amount is not None:
        assert found[0].amount == pytest.approx(amount)


def test_a_row_is_made_again_from_its_raw_text_alone() -> None:
    for _, raw, _, _ in TRUE:
        rows = deribit.rows(message(raw), CONTEXT)
        again = [
            one for row in rows if isinstance(row, Liquidation) for one in deribit.rows([json.loads(row.raw)], CONTEXT)
        ]
        assert again == rows


def test_ordinary_trades_are_nobodys_liquidation_and_twins_are_two() -> None:
    ordinary = {key: value for key, value in trade().items() if key != "liquidation"}
    rows = deribit.rows(message(ordinary, trade(), trade(trade_id="313524488"), trade(liquidation=None)), CONTEXT)
    assert [row.usd_micro for row in rows if isinstance(row, Liquidation)] == [25_000_000_000] * 2
    assert len(rows) == 2


BAD = [
    (trade(instrument_name="NOSUCH-PERPETUAL"), "unknown symbol"),
    (trade(instrument_name=["[red]"]), "unknown symbol"),
    (trade(price=None), "missing price"),
    (trade(price="\x1b[31m"), "price is not a number"),
    (trade(amount=0), "size is not above zero"),
    (trade(amount=-5), "size is not above zero"),
    (trade(amount=1e30), "absurd size"),
    (trade(price=float("nan")), "price is not a number"),
    (trade(timestamp=NOW + 61_000), "time in the future"),
    (trade(timestamp=1_000), "time before 2010"),
    (trade(timestamp=None), "missing time"),
    (trade(direction="short"), "unknown side"),
    (trade(liquidation="X"), "unknown side"),
    (trade(liquidation=["T"]), "unknown side"),
    (None, "not an object"),
    (5, "not an object"),
]


@pytest.mark.parametrize(("raw", "reason"), BAD)
def test_what_cannot_be_trusted_is_set_aside(raw: object, reason: str) -> None:
    assert deribit.rows(message(raw), CONTEXT) == [Refusal(reason)]


@pytest.mark.parametrize("odd", [None, [], {}, {"params": None}, {"params": {"data": {"a": 1}}}, "text"])
def test_what_is_no_message_of_trades(odd: object) -> None:
    wanted = [] if odd == [] else [Refusal("not a liquidation message")]
    assert deribit.rows(odd, CONTEXT) == wanted
