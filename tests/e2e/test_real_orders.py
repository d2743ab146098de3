"""3,281 real forced orders of Binance USD-M from the wire to the totals: `crashdesk record` over loopback."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from crashdesk.model.basket import Baskets
from crashdesk.model.clock import OFFSET_VARIABLE, SystemClock
from crashdesk.model.money import to_micro
from crashdesk.model.records import Batch, Liquidation, Side
from crashdesk.model.timeframe import DAY_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.liquidations.totals import liquidations_view
from crashdesk.session.state import MarketState
from tests.e2e.recorder import command, recording, until
from tests.loopback import LoopbackVenues, Market
from tests.loopback.market import read_frames

ORDERS, TOTAL_USD, LONG_USD = 3_281, 5_052_975, 1_601_394
LARGEST_DAY_USD = 1_969_573
"""The published truth about the file."""

Order = tuple[int, Side, int]
"""Time, side of the position, micro-dollars: the venue's rule, worked out here once more."""


def _truth(path: Path) -> list[Order]:
    orders = (frame["data"]["o"] for frame in read_frames(path))
    return [
        (o["T"], Side.LONG if o["S"] == "SELL" else Side.SHORT, to_micro(Decimal(o["z"]) * Decimal(o["ap"])))
        for o in orders
    ]


def _usd(orders: Sequence[Order], side: Side | None = None) -> int:
    return sum(micro for _, one, micro in orders if side is None or one is side)


async def test_the_real_orders_total_the_truth_in_the_file_and_in_its_export(tmp_path: Path, realdata: Path) -> None:
    frames = realdata / "liquidations" / "binance_forceOrder.frames.jsonl"
    truth = _truth(frames)
    newest = max(ts_ms for ts_ms, _, _ in truth)
    # the recorder's clock stands a minute behind the last order: most of them are history by then
    offset = newest + 60_000 - time.time_ns() // 1_000_000
    out, config = tmp_path / "real.crash", tmp_path / "config.toml"
    market = Market.with_binance_frames(frames, SystemClock(offset))
    async with LoopbackVenues(market, ["binanceusdm"]) as server:
        config.write_text(server.config_toml(symbols=["BTC/USDT:USDT"]), encoding="utf-8")
        async with recording(config, out, {OFFSET_VARIABLE: str(offset)}) as player:
            await server.wait_topic("binanceusdm", "!forceOrder@arr", 60)
            assert await server.play_frames(frames, per_message=50) == ORDERS
            await until(player, lambda state: state.liquidations.folded == ORDERS)
    state = player.state
    _windows_are(state, truth)
    code, said, _ = await command(["snapshots", "info", str(out), "--json"])
    told = json.loads(said)["liquidations"]
    assert (code, told["orders"]) == (0, ORDERS)
    assert (round(told["total_usd"]), round(told["long_usd"])) == (TOTAL_USD, LONG_USD)
    code, said, _ = await command(["export", str(out), "--what", "liquidations"])
    rows = list(csv.DictReader(io.StringIO(said)))
    exported = [(int(row["ts_ms"]), Side(row["side"]), int(row["usd_micro"])) for row in rows]
    assert (code, exported) == (0, truth)
    assert round(_usd(exported) / 1e6) == TOTAL_USD
    assert round(_usd(exported, Side.LONG) / 1e6) == LONG_USD
    _every_window(out, truth)


def _every_window(out: Path, truth: Sequence[Order]) -> None:
    """Each window as it stands with every order of the file, in the order of their own time."""
    reader = RecordingReader.open(out)
    batches = (batch.records for _, batch in reader.batches(reader.first_offset))
    rows = sorted((r for records in batches for r in records if isinstance(r, Liquidation)), key=lambda r: r.ts_ms)
    reader.close()
    state, largest = MarketState(Baskets("", "", "", ()), rows[0].ts_ms), 0
    for number, (ts_ms, together) in enumerate(groupby(rows, key=lambda r: r.ts_ms)):
        state.apply(Batch(number, ts_ms, tuple(together)))
        largest = max(largest, _windows_are(state, truth))
    assert round(largest / 1e6) == LARGEST_DAY_USD


def _windows_are(state: MarketState, truth: Sequence[Order]) -> int:
    """The windows are brute-force sums over now - width < ts <= now; gives the micro-dollars of the widest one."""
    windows = liquidations_view(state).windows
    for window in windows:
        inside = [order for order in truth if state.now_ms - window.width_ms < order[0] <= state.now_ms]
        long = _usd(inside, Side.LONG)
        assert window.totals == (_usd(inside), long, _usd(inside) - long, len(inside))
        assert (window.largest.usd_micro if window.largest else 0) == max((o[2] for o in inside), default=0)
    assert windows[-1].width_ms == DAY_MS
    return windows[-1].totals.total
