"""The rolling windows against a brute-force sum over all rows."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import (
    CHUNK_MS,
    Chunk,
    LargestLiquidation,
    LiqKey,
    LiquidationColumns,
    LiquidationSummary,
)
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.session.liquidations.book import WINDOWS, LiquidationBook

START = 1_762_000_000_000


@dataclass(frozen=True)
class Step:
    wait_ms: int
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    sides: tuple[Side, ...]
    symbols: tuple[str, ...]


def _row(ts: int, usd: int, side: Side, symbol: str) -> Liquidation:
    return Liquidation("okx", symbol, ts, side, 100.0, usd / 1e8, usd, PriceBasis.BANKRUPTCY, "{}")


@st.composite
def _steps(draw: st.DrawFn) -> Step:
    n = draw(st.integers(0, 4))
    hours = 3_600_000
    near_edge = st.sampled_from(
        [0, 1, -1, hours, hours - 1, hours + 1, 4 * hours, 12 * hours, 24 * hours, 24 * hours - 1]
    )
    offset = st.one_of(near_edge, st.integers(-60_000, 26 * hours))
    return Step(
        draw(st.one_of(st.integers(1, 1000), st.integers(1, 8 * hours))),
        tuple(draw(offset) for _ in range(n)),
        tuple(draw(st.integers(1, 10**13)) for _ in range(n)),
        tuple(draw(st.sampled_from(Side)) for _ in range(n)),
        tuple(draw(st.sampled_from(["BTC/USDT:USDT", "ETH/USDT:USDT"])) for _ in range(n)),
    )


def _check(book: LiquidationBook, rows: list[Liquidation]) -> None:
    for w, (_, width) in enumerate(WINDOWS):
        inside = [r for r in rows if book.now_ms - width < r.ts_ms <= book.now_ms]
        expected: dict[LiqKey, list[int]] = {}
        for r in inside:
            entry = expected.setdefault((r.venue, r.symbol, r.side), [0, 0])
            entry[0] += r.usd_micro
            entry[1] += 1
        assert book.sums(w) == expected
        best = min(inside, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value), default=None)
        found = next(iter(book.largest(w, 1)), None)
        assert (found is None) == (best is None)
        if best and found:
            assert (found.usd_micro, found.ts_ms, found.symbol, found.side) == (
                best.usd_micro,
                best.ts_ms,
                best.symbol,
                best.side,
            )


def _chunk(index: int, rows: list[Liquidation]) -> Chunk:
    """The roll-up of rows received in one chunk, made by hand."""
    sums: dict[LiqKey, tuple[int, int]] = {}
    minutes: dict[int, tuple[int, int, int]] = {}
    for r in rows:
        key = (r.venue, r.symbol, r.side)
        usd, orders = sums.get(key, (0, 0))
        sums[key] = (usd + r.usd_micro, orders + 1)
        long, short, n = minutes.get(r.ts_ms // 60_000, (0, 0, 0))
        if r.side is Side.LONG:
            long += r.usd_micro
        else:
            short += r.usd_micro
        minutes[r.ts_ms // 60_000] = (long, short, n + 1)
    big = min(rows, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value))
    largest = LargestLiquidation(big.venue, big.symbol, big.side, big.price, big.usd_micro, big.ts_ms)
    keys = tuple(sums)
    columns = LiquidationColumns(
        keys,
        array("q", [r.ts_ms for r in rows]),
        array("q", [r.usd_micro for r in rows]),
        array("d", [r.price for r in rows]),
        array("d", [r.amount for r in rows]),
        array("H", [keys.index((r.venue, r.symbol, r.side)) for r in rows]),
    )
    times = [r.ts_ms for r in rows]
    summary = LiquidationSummary(sums, minutes, largest, min(times), max(times))
    return Chunk(index, summary, {}, lambda: columns, dict)


@settings(max_examples=150, deadline=None)
@given(st.lists(_steps(), min_size=1, max_size=25))
def test_windows_equal_brute_force_whatever_the_order_and_across_a_restore(steps: list[Step]) -> None:
    book = LiquidationBook()
    rows: list[Liquidation] = []
    received: dict[int, list[Liquidation]] = {}
    now = START
    for step in steps:
        now += step.wait_ms
        book.advance(now)
        for offset, usd, side, symbol in zip(step.offsets, step.sizes, step.sides, step.symbols, strict=True):
            row = _row(now - offset, usd, side, symbol)
            rows.append(row)
            received.setdefault(now // CHUNK_MS, []).append(row)
            book.add_many([row])
        _check(book, rows)
    restored = LiquidationBook()
    restored.restore(tuple(_chunk(i, chunk) for i, chunk in received.items()), now)
    _check(restored, rows)
    assert restored.minute_series() == book.minute_series()
    for later in (1, 60_000, 3_600_000, 86_400_000):
        now += later
        for one in (book, restored):
            one.advance(now)
            _check(one, rows)


def test_a_burst_of_equal_timestamps_is_counted_row_by_row() -> None:
    book = LiquidationBook()
    book.advance(START)
    for _ in range(22_558):
        book.add_many([_row(START, 1_000_000, Side.LONG, "BTC/USDT:USDT")])
    assert book.sums(0) == {("okx", "BTC/USDT:USDT", Side.LONG): [22_558 * 1_000_000, 22_558]}
    book.advance(START + 3_600_000 - 1)
    assert book.sums(0)
    book.advance(START + 3_600_000)
    assert book.sums(0) == {}


def test_rows_that_are_damaged_in_the_recording_leave_the_windows_all_at_once() -> None:
    rows = [_row(START - i * 1000, 10**9 + i, Side.LONG, "BTC/USDT:USDT") for i in range(50)]
    whole = _chunk(1, rows)
    empty = LiquidationColumns((), array("q"), array("q"), array("d"), array("d"), array("H"))
    book = LiquidationBook()
    book.restore((whole._replace(load_liquidations=lambda: empty),), START + 3_600_000 - 25_000)
    assert book.sums(0) == {("okx", "BTC/USDT:USDT", Side.LONG): [sum(r.usd_micro for r in rows), 50]}
    assert len(book.largest(0)) == 1
    book.advance(START + 3_600_000)
    assert book.sums(0) == {}
    assert book.sums(3) == {("okx", "BTC/USDT:USDT", Side.LONG): [sum(r.usd_micro for r in rows), 50]}
