"""Side and USD of every venue's liquidations, from payloads in the documented shapes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from crashdesk.model.records import Liquidation, MarketKind, PriceBasis, Side
from crashdesk.recording.check import check_records
from crashdesk.recording.format import Kind
from crashdesk.venues.normalise import binance, bybit, htx, okx
from crashdesk.venues.normalise.rows import Context, Contract, Refusal

NOW = 1_762_225_964_000
THEN = NOW - 5_000

CONTRACTS = {
    "BTC-USDT-SWAP": Contract("BTC/USDT:USDT", MarketKind.LINEAR, Decimal("0.01")),
    "ETH-USDT-SWAP": Contract("ETH/USDT:USDT", MarketKind.LINEAR, Decimal("0.1")),
    "BTC-USD-SWAP": Contract("BTC/USD:BTC", MarketKind.INVERSE, Decimal(100)),
    "BTCUSDT": Contract("BTC/USDT:USDT", MarketKind.LINEAR, Decimal(1)),
    "BTCUSD": Contract("BTC/USD:BTC", MarketKind.INVERSE, Decimal(1)),
    "BTCUSD_PERP": Contract("BTC/USD:BTC", MarketKind.INVERSE, Decimal(100)),
    "BTC-USDT": Contract("BTC/USDT:USDT", MarketKind.LINEAR, Decimal("0.001")),
}
CONTEXT = Context("v", CONTRACTS, NOW)


def okx_detail(**more: Any) -> dict[str, Any]:
    return {
        "bkLoss": "0",
        "bkPx": "105000",
        "ccy": "",
        "posSide": "long",
        "side": "sell",
        "sz": "8.55",
        "ts": str(THEN),
    } | more


def okx_message(*entries: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    data = [
        {"details": details, "instFamily": "", "instId": name, "instType": "SWAP", "uly": ""}
        for name, details in entries
    ]
    return {"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": data}


def binance_message(**more: Any) -> dict[str, Any]:
    order = {
        "s": "BTCUSDT",
        "S": "SELL",
        "o": "LIMIT",
        "f": "IOC",
        "q": "0.190",
        "p": "104000",
        "ap": "104500.5",
        "X": "FILLED",
    }
    return {"e": "forceOrder", "E": NOW, "o": order | {"l": "0.155", "z": "0.190", "T": THEN} | more}


def bybit_message(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": NOW, "data": list(rows)}


def bybit_row(**more: Any) -> dict[str, Any]:
    return {"T": THEN, "s": "BTCUSDT", "S": "Buy", "v": "0.5", "p": "105000"} | more


def htx_v3(**more: Any) -> dict[str, Any]:
    row = {"query_id": 452057, "contract_code": "BTC-USDT", "symbol": "BTC", "direction": "sell", "offset": "close"}
    return (
        row
        | {"volume": 479, "price": 51441.7, "created_at": THEN, "amount": 0.479, "trade_turnover": 24640.5743}
        | more
    )


def htx_v5(**more: Any) -> dict[str, Any]:
    row = {"id": "150153038758", "contract_code": "BTC-USDT", "liquidation_time": str(THEN), "side": "buy"}
    row |= {
        "position_side": "short",
        "volume": "2",
        "amount": "2",
        "bankrupt_price": "62978.5",
        "trade_turnover": "125.957",
    }
    return row | more


TRUE = [
    ("okx linear long", okx.rows, okx_message(("BTC-USDT-SWAP", [okx_detail()])), Side.LONG, "8977.50", 0.0855),
    (
        "okx linear short",
        okx.rows,
        okx_message(("BTC-USDT-SWAP", [okx_detail(posSide="short", side="buy")])),
        Side.SHORT,
        "8977.50",
        0.0855,
    ),
    (
        "okx: posSide wins over side",
        okx.rows,
        okx_message(("BTC-USDT-SWAP", [okx_detail(posSide="short", side="sell")])),
        Side.SHORT,
        "8977.50",
        0.0855,
    ),
    (
        "okx net: a sell order closes a long",
        okx.rows,
        okx_message(("ETH-USDT-SWAP", [okx_detail(posSide="net", side="sell", bkPx="3600", sz="3")])),
        Side.LONG,
        "1080",
        0.3,
    ),
    (
        "okx net: a buy order closes a short",
        okx.rows,
        okx_message(("ETH-USDT-SWAP", [okx_detail(posSide="net", side="buy", bkPx="3600", sz="3")])),
        Side.SHORT,
        "1080",
        0.3,
    ),
    (
        "okx inverse: contracts of 100 USD",
        okx.rows,
        okx_message(("BTC-USD-SWAP", [okx_detail(sz="50", bkPx="100000")])),
        Side.LONG,
        "5000",
        0.05,
    ),
    ("binance: SELL liquidates a long, z × ap", binance.rows, binance_message(), Side.LONG, "19855.095", 0.19),
    ("binance: BUY liquidates a short", binance.rows, binance_message(S="BUY"), Side.SHORT, "19855.095", 0.19),
    (
        "binance, combined stream",
        binance.rows,
        {"stream": "!forceOrder@arr", "data": binance_message()},
        Side.LONG,
        "19855.095",
        0.19,
    ),
    (
        "binance COIN-M: contracts × face",
        binance.rows,
        binance_message(s="BTCUSD_PERP", z="7", l="1", ap="100000"),
        Side.LONG,
        "700",
        0.007,
    ),
    ("bybit: Buy is a long position", bybit.rows, bybit_message(bybit_row()), Side.LONG, "52500", 0.5),
    ("bybit: Sell is a short position", bybit.rows, bybit_message(bybit_row(S="Sell")), Side.SHORT, "52500", 0.5),
    (
        "bybit inverse: v is USD",
        bybit.rows,
        bybit_message(bybit_row(s="BTCUSD", v="2000", p="100000")),
        Side.LONG,
        "2000",
        0.02,
    ),
    ("htx v3: sell closes a long", htx.rows, [htx_v3()], Side.LONG, "24640.5743", 0.479),
    ("htx v3: buy closes a short", htx.rows, [htx_v3(direction="buy")], Side.SHORT, "24640.5743", 0.479),
    ("htx v5: position_side", htx.rows, [htx_v5()], Side.SHORT, "125.957", 0.002),
    ("htx v5: position_side wins", htx.rows, [htx_v5(position_side="long")], Side.LONG, "125.957", 0.002),
    ("htx v5 without position_side", htx.rows, [htx_v5(position_side=None)], Side.SHORT, "125.957", 0.002),
]


@pytest.mark.parametrize(
    ("rows", "message", "side", "usd", "amount"), [row[1:] for row in TRUE], ids=[row[0] for row in TRUE]
)
def test_side_and_usd(rows: Any, message: Any, side: Side, usd: str, amount: float) -> None:
    (row,) = rows(message, CONTEXT)
    assert isinstance(row, Liquidation)
    assert row.side is side
    assert row.usd_micro == int(Decimal(usd) * 1_000_000)
    assert row.amount == pytest.approx(amount)
    assert (row.venue, row.ts_ms) == ("v", THEN)
    assert isinstance(json.loads(row.raw), dict)


@pytest.mark.parametrize(
    ("rows", "message", "basis"),
    [
        (okx.rows, okx_message(("BTC-USDT-SWAP", [okx_detail()])), PriceBasis.BANKRUPTCY),
        (binance.rows, binance_message(), PriceBasis.FILL),
        (bybit.rows, bybit_message(bybit_row()), PriceBasis.BANKRUPTCY),
        (htx.rows, [htx_v3()], PriceBasis.ORDER),
        (htx.rows, [htx_v5()], PriceBasis.BANKRUPTCY),
    ],
)
def test_what_the_price_is(rows: Any, message: Any, basis: PriceBasis) -> None:
    assert rows(message, CONTEXT)[0].basis is basis


def test_every_detail_of_every_instrument_counts_twins_too() -> None:
    twins = [okx_detail(), okx_detail()]
    message = okx_message(("BTC-USDT-SWAP", [*twins, okx_detail(sz="1")]), ("ETH-USDT-SWAP", [okx_detail(bkPx="3600")]))
    rows = okx.rows(message, CONTEXT)
    assert [row.usd_micro for row in rows if isinstance(row, Liquidation)] == [
        8_977_500_000,
        8_977_500_000,
        1_050_000_000,
        3_078_000_000,
    ]


def test_a_row_can_be_recomputed_from_its_raw_payload() -> None:
    (first,) = okx.rows(okx_message(("BTC-USDT-SWAP", [okx_detail()])), CONTEXT)
    assert isinstance(first, Liquidation)
    (again,) = okx.rows({"data": [json.loads(first.raw)]}, CONTEXT)
    assert again == first


def test_bybit_pushes_several_orders_at_once() -> None:
    rows = bybit.rows(bybit_message(bybit_row(), bybit_row(), bybit_row(S="Sell", v="1")), CONTEXT)
    assert sum(row.usd_micro for row in rows if isinstance(row, Liquidation)) == 210_000_000_000


REFUSED = [
    ({"ap": None}, "missing price"),
    ({"ap": "0"}, "price is not above zero"),
    ({"ap": "NaN"}, "price is not a number"),
    ({"ap": "about 5"}, "price is not a number"),
    ({"ap": True}, "price is not a number"),
    ({"ap": "1e12"}, "absurd price"),
    ({"ap": "1e999999"}, "absurd price"),
    ({"z": "0"}, "size is not above zero"),
    ({"z": "-3"}, "size is not above zero"),
    ({"z": ""}, "missing size"),
    ({"z": "1e9"}, "absurd size"),
    ({"ap": "100000", "z": "90072"}, "absurd size"),
    ({"z": "1e-17"}, "size rounds to nothing"),
    ({"s": "NOSUCHUSDT"}, "unknown symbol"),
    ({"s": 5}, "unknown symbol"),
    ({"S": "HOLD"}, "unknown side"),
    ({"T": NOW + 60_001}, "time in the future"),
    ({"T": 1_262_303_999_999}, "time before 2010"),
    ({"T": None}, "missing time"),
]


@pytest.mark.parametrize(("change", "reason"), REFUSED)
def test_rows_that_cannot_be_trusted_are_refused_with_a_reason(change: dict[str, Any], reason: str) -> None:
    assert binance.rows(binance_message(**change), CONTEXT) == [Refusal(reason)]


def test_the_largest_order_that_is_believed_is_one_that_a_recording_takes() -> None:
    (row,) = binance.rows(binance_message(ap="100000", z="90071.99"), CONTEXT)
    assert isinstance(row, Liquidation)
    assert row.usd_micro == 9_007_199_000_000_000
    check_records(Kind.LIQUIDATIONS, [row])
    with pytest.raises(OverflowError):
        check_records(Kind.LIQUIDATIONS, [row._replace(usd_micro=9_007_200_000_000_000)])


def test_a_payload_is_kept_as_printable_text_without_loss() -> None:
    odd = "\x9b31m\x1b]0;x\x07 \ud800 人生"
    message = binance_message(note=odd)
    (row,) = binance.rows(message, CONTEXT)
    assert isinstance(row, Liquidation)
    assert row.raw.isascii()
    assert row.raw.isprintable()
    assert json.loads(row.raw) == message["o"]


@pytest.mark.parametrize("message", [None, [], "pong", {}, {"data": None}, {"data": "x"}, {"o": None}, 5])
@pytest.mark.parametrize("rows", [okx.rows, binance.rows, bybit.rows])
def test_garbage_is_refused_not_raised(rows: Any, message: Any) -> None:
    assert all(isinstance(row, Refusal) for row in rows(message, CONTEXT))


@pytest.mark.parametrize(
    "entry", [None, [], "x", {}, {"details": None}, {"details": [None]}, {"details": [[]], "instId": []}]
)
def test_garbage_entries_are_refused_one_by_one(entry: Any) -> None:
    good = okx_message(("BTC-USDT-SWAP", [okx_detail()]))["data"]
    rows = okx.rows({"data": [entry, *good]}, CONTEXT)
    assert [isinstance(row, Liquidation) for row in rows][-1]
    assert all(isinstance(row, Refusal) for row in rows[:-1])
    assert isinstance(bybit.rows({"data": [entry]}, CONTEXT)[0], Refusal)
    assert isinstance(htx.rows([entry], CONTEXT)[0], Refusal)


def test_the_real_forced_orders_sum_to_the_truth(realdata: Any) -> None:
    lines = (realdata / "liquidations" / "binance_forceOrder.frames.jsonl").read_text(encoding="utf-8").splitlines()
    frames = [json.loads(line) for line in lines]
    names = {frame["data"]["o"]["s"] for frame in frames}
    contracts = {name: Contract(name, MarketKind.LINEAR, Decimal(1)) for name in names}
    context = Context("binanceusdm", contracts, 2_000_000_000_000)
    rows = [row for frame in frames for row in binance.rows(frame, context)]
    good = [row for row in rows if isinstance(row, Liquidation)]
    assert len(good) == len(frames) == 3281
    assert round(sum(row.usd_micro for row in good) / 1e6) == 5_052_975
    assert round(sum(row.usd_micro for row in good if row.side is Side.LONG) / 1e6) == 1_601_394


def test_single_real_frames_of_three_venues(realdata: Any) -> None:
    text = (realdata / "liquidations" / "websocket_frames.jsonl").read_text(encoding="utf-8")
    frames = [json.loads(line) for line in text.splitlines()]
    contracts = CONTRACTS | {name: Contract(name, MarketKind.LINEAR, Decimal(1)) for name in ("STRKUSDT", "ADAUSDT")}
    context = Context("v", contracts, 1_800_000_000_000)
    reader = {"okx": okx.rows, "bybit": bybit.rows, "binanceusdm": binance.rows}
    found = [reader[frame["venue"]](frame["raw"], context)[0] for frame in frames]
    assert [(row.side, row.usd_micro) for row in found if isinstance(row, Liquidation)] == [
        (Side.LONG, 15_703_861_000),  # 0.190 × 82651.90
        (Side.LONG, 7_067_062_350),  # 8.55 × 0.01 × 82655.7
        (Side.LONG, 107_685_085),  # 2084.9 × 0.05165
        (Side.SHORT, 2_536_992_000),  # 13248 × 0.1915
    ]
