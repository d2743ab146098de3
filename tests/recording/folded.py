"""What a recording holds, folded plainly, and the comparison with what a restore says."""

from __future__ import annotations

from crashdesk.model.columns import CHUNK_MS, Restore
from crashdesk.model.records import Batch, Candle, Event, Gap, Instrument, Liquidation, Quote, Record, Side
from tests.recording.samples import (
    all_chunks,
)


class Folded:
    """What a brute-force reader knows after some batches: the truth that a `Restore` must equal."""

    def __init__(self) -> None:
        self.quotes: dict[tuple[str, str], tuple[int, Quote]] = {}
        self.candles: dict[tuple[str, str, str], dict[int, Candle]] = {}
        self.rows: list[tuple[int, Liquidation]] = []
        self.prices: dict[tuple[int, str, str], list[float]] = {}
        self.events: list[Event] = []
        self.gaps: list[Gap] = []
        self.instruments: dict[tuple[str, str], Instrument] = {}

    def add(self, batch: Batch) -> None:
        for row in batch.records:
            self._add(batch.recv_ms, row)

    def _add(self, recv_ms: int, row: Record) -> None:
        if isinstance(row, Quote):
            self.quotes[row.venue, row.symbol] = (recv_ms, row)
            self.prices.setdefault((recv_ms // 60_000, row.venue, row.symbol), []).append(row.last)
        elif isinstance(row, Candle):
            self.candles.setdefault((row.venue, row.symbol, row.timeframe), {})[row.open_ms] = row
        elif isinstance(row, Liquidation):
            self.rows.append((recv_ms, row))
        elif isinstance(row, Event):
            self.events.append(row)
        elif isinstance(row, Gap):
            self.gaps.append(row)
        elif isinstance(row, Instrument):
            self.instruments[row.venue, row.symbol] = row


def check(restored: Restore, truth: Folded) -> None:
    assert {(q.venue, q.symbol): (at, q) for at, q in restored.quotes} == truth.quotes
    assert list(restored.events) == truth.events
    assert list(restored.gaps) == truth.gaps
    assert {(i.venue, i.symbol): i for i in restored.instruments} == truth.instruments
    assert restored.liquidations_before == len(truth.rows)
    for run in restored.candles:
        want = [row for _, row in sorted(truth.candles.pop((run.venue, run.symbol, run.timeframe)).items())]
        assert list(run.open_ms) == [row.open_ms for row in want]
        for name in ("open", "high", "low", "close", "volume"):
            assert list(getattr(run, name)) == [getattr(row, name) for row in want]
        assert [bool(byte) for byte in run.closed] == [row.closed for row in want]
    assert not truth.candles
    check_chunks(restored, truth)


def check_chunks(restored: Restore, truth: Folded) -> None:
    chunks = all_chunks(restored)
    assert [chunk.number for chunk in chunks] == sorted({chunk.number for chunk in chunks})
    total = 0
    for chunk in chunks:
        rows = [row for recv_ms, row in truth.rows if recv_ms // CHUNK_MS == chunk.number]
        total += len(rows)
        check_rows(chunk.liquidations, chunk.load_liquidations(), rows)
        prices: dict[tuple[str, str], list[tuple[int, list[float]]]] = {}
        for (minute, venue, symbol), seen in truth.prices.items():
            if minute // 5 == chunk.number:
                prices.setdefault((venue, symbol), []).append((minute, seen))
        bars = chunk.load_bars()
        assert {key: [(b.minute, b.high, b.low, b.close) for b in found] for key, found in bars.items()} == {
            key: [(m, max(seen), min(seen), seen[-1]) for m, seen in minutes] for key, minutes in prices.items()
        }
        assert {key: (bar.high, bar.low, bar.close) for key, bar in chunk.bars.items()} == {
            key: (max(max(s) for _, s in minutes), min(min(s) for _, s in minutes), minutes[-1][1][-1])
            for key, minutes in prices.items()
        }
    assert total == len(truth.rows)


def check_rows(summary: object, columns: object, rows: list[Liquidation]) -> None:
    if not rows:
        assert summary is None
        return
    sums: dict[tuple[str, str, Side], tuple[int, int]] = {}
    minutes: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        usd, orders = sums.get((row.venue, row.symbol, row.side), (0, 0))
        sums[row.venue, row.symbol, row.side] = (usd + row.usd_micro, orders + 1)
        long, short, count = minutes.get(row.ts_ms // 60_000, (0, 0, 0))
        is_long = row.side is Side.LONG
        minutes[row.ts_ms // 60_000] = (
            long + row.usd_micro * is_long,
            short + row.usd_micro * (not is_long),
            count + 1,
        )
    assert summary.sums == sums  # type: ignore[attr-defined]
    assert summary.minutes == minutes  # type: ignore[attr-defined]
    largest = min(rows, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value))
    found = summary.largest  # type: ignore[attr-defined]
    assert (found.usd_micro, found.ts_ms, found.price) == (largest.usd_micro, largest.ts_ms, largest.price)
    bounds = (summary.first_ts_ms, summary.last_ts_ms)  # type: ignore[attr-defined]
    assert bounds == (min(r.ts_ms for r in rows), max(r.ts_ms for r in rows))

    assert list(columns.ts_ms) == [r.ts_ms for r in rows]  # type: ignore[attr-defined]
    assert list(columns.usd_micro) == [r.usd_micro for r in rows]  # type: ignore[attr-defined]
    assert list(columns.price) == [r.price for r in rows]  # type: ignore[attr-defined]
    assert list(columns.amount) == [r.amount for r in rows]  # type: ignore[attr-defined]
    keys = [columns.keys[k] for k in columns.key]  # type: ignore[attr-defined]
    assert keys == [(r.venue, r.symbol, r.side) for r in rows]
