"""Windows, their parts, the profile and the tape against a brute-force computation over all rows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CHUNK_MS, PROFILE_BIN, LiquidationColumns, LiquidationDetails
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.liquidations import book as book_module
from crashdesk.session.liquidations.book import WINDOWS, LiquidationBook
from crashdesk.session.tape import FEED_ROWS, FIRST_ROWS, Tape
from tests.session import liquidation_truth as truth

START = 1_762_000_000_000
COINS = ("BTC", "ETH")


def _row(
    ts: int, usd: int, side: Side = Side.LONG, coin: str = "BTC", venue: str = "okx", price: float = 100.0
) -> Liquidation:
    return Liquidation(venue, f"{coin}/USDT:USDT", ts, side, price, usd / 1e8, usd, PriceBasis.BANKRUPTCY, "{}")


@dataclass(frozen=True)
class Step:
    """Wait, look at the market in another way, then take rows (each may come several times: twins)."""

    wait_ms: int
    free_ms: int | None
    coin: str
    wanted: FeedFilter
    rows: tuple[tuple[int, int, Side, str, str, float, int], ...]


_OFFSETS = st.one_of(
    st.sampled_from([w + d for w in (0, MINUTE_MS, HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS, DAY_MS) for d in (-1, 0, 1)]),
    st.integers(-MINUTE_MS, 5 * MINUTE_MS),
    st.integers(0, 26 * HOUR_MS),
)
_USD = st.one_of(
    st.sampled_from([step * 1_000_000 + d for step in (10_000, 50_000, 100_000, 1_000_000) for d in (-1, 0)]),
    st.integers(1, 10**13),
)
_ROWS = st.tuples(
    _OFFSETS,
    _USD,
    st.sampled_from(Side),
    st.sampled_from(COINS),
    st.sampled_from(["okx", "bybit"]),
    st.floats(90, 110),
    st.sampled_from([1, 1, 1, 2, 25]),
)
_FILTERS = st.builds(
    FeedFilter,
    st.sampled_from([0, 0, 10_000, 1_000_000]),
    st.sampled_from([None, *Side]),
    st.sampled_from([None, "OKX", "bybit"]),
    st.sampled_from([None, "eth"]),
)
_STEPS = st.builds(
    Step,
    st.one_of(st.integers(1, 1000), st.integers(1, 10 * MINUTE_MS), st.integers(1, 8 * HOUR_MS)),
    st.sampled_from([None, MINUTE_MS, 5 * MINUTE_MS + 1, 90 * MINUTE_MS, DAY_MS - 1]),
    st.sampled_from(COINS),
    st.one_of(st.just(FeedFilter()), _FILTERS),
    st.lists(_ROWS, max_size=4).map(tuple),
)


@dataclass
class Stand:
    """A book beside the plain list of all rows. The recording rolls a chunk up `lag` chunks after it began."""

    lag: int = 1
    rows: list[truth.Received] = field(default_factory=list)
    tape: Tape = field(default_factory=Tape)
    loads: int = 0

    def __post_init__(self) -> None:
        self.book = LiquidationBook(self._load)

    def _load(self, number: int) -> LiquidationColumns | None:
        self.loads += 1
        if self.lag == 0 or number + self.lag > self.book.now_ms // CHUNK_MS:
            return None
        return truth.columns([row for at_ms, row in self.rows if at_ms // CHUNK_MS == number])

    def put(self, rows: Sequence[Liquidation]) -> None:
        self.rows += [(self.book.now_ms, row) for row in rows]
        self.book.add_many(rows)

    def take(self, step: Step) -> None:
        now = self.book.now_ms
        for offset, usd, side, coin, venue, price, times in step.rows:
            self.put([_row(now - offset, usd, side, coin, venue, price)] * times)

    def restored(self, *, detailed: bool) -> Stand:
        other = Stand(self.lag, self.rows)
        chunks = truth.chunks(self.rows, detailed=detailed)
        other.book.restore(chunks, self.book.now_ms, len(self.rows))
        return other

    def check(self, step: Step) -> None:
        book, now = self.book, self.book.now_ms
        book.set_free(step.free_ms)
        widths = [width for _, width in WINDOWS] + ([step.free_ms] if step.free_ms is not None else [])
        for w, width in enumerate(widths):
            held = truth.inside(self.rows, now, width)
            assert book.sums(w) == truth.sums(held)
            assert book.totals(w) == truth.totals(held)
            assert book.groups(w) == truth.groups(held)
            assert book.sizes(w) == truth.sizes(held)
            assert book.largest(w) == truth.largest(held, 20)
            assert book.largest(w, 1) == truth.largest(held, 1)
        day = truth.inside(self.rows, now, DAY_MS)
        bins = truth.bins([row for row in day if row.symbol.startswith(step.coin)])
        expected = [
            (exp(n * PROFILE_BIN), exp((n + 1) * PROFILE_BIN), long, short)
            for n, (long, short, _) in sorted(bins.items())
        ]
        assert [tuple(one) for one in book.profile(step.coin)] == expected
        newest = truth.feed(self.rows, now, step.wanted)
        shown = self.tape.view(book, step.wanted)
        if self.tape.unfinished:
            assert shown.rows == newest[-FIRST_ROWS:]
            shown = self.tape.view(book, step.wanted)
        assert shown.rows == newest
        assert (shown.total, shown.filter) == (len(self.rows), step.wanted)
        last = now // MINUTE_MS
        minutes = truth.chunk(0, [row for _, row in self.rows]).liquidations if self.rows else None
        series = {m: sums for m, sums in minutes.minutes.items() if last - 24 * 60 < m <= last} if minutes else {}
        assert book.minute_series() == tuple((m, long, short) for m, (long, short, _) in series.items())


@settings(max_examples=120, deadline=None)
@given(st.lists(_STEPS, min_size=1, max_size=20), st.integers(0, 3), st.sets(st.integers(0, 19)), st.booleans())
def test_all_figures_equal_brute_force_whatever_comes_and_wherever_one_seeks(
    steps: list[Step], lag: int, looks: set[int], detailed: bool
) -> None:
    stand = Stand(lag)
    stand.book.advance(START)
    for n, step in enumerate(steps):
        stand.book.advance(stand.book.now_ms + step.wait_ms)
        stand.take(step)
        if n in looks:
            stand.check(step)
    stand.check(steps[-1])
    sought = stand.restored(detailed=detailed)
    sought.check(steps[-1])
    for later, step in zip((1, MINUTE_MS, HOUR_MS, 12 * HOUR_MS, DAY_MS), [*steps, steps[0]] * 5, strict=False):
        stand.book.advance(stand.book.now_ms + later)
        sought.book.advance(stand.book.now_ms)
        sought.book.add_many([_row(sought.book.now_ms, 5)])
        stand.put([_row(stand.book.now_ms, 5)])
        stand.check(step)
        sought.check(step)


@settings(max_examples=60, deadline=None)
@given(st.lists(_STEPS, min_size=1, max_size=12), st.integers(0, 3), st.sets(st.integers(0, 11)))
def test_a_crowded_chunk_is_packed_in_parts_and_the_figures_stay(steps: list[Step], lag: int, looks: set[int]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(book_module, "_CROWD", 3)
        stand = Stand(lag)
        stand.book.advance(START)
        for n, step in enumerate(steps):
            stand.book.advance(stand.book.now_ms + step.wait_ms)
            stand.take(step)
            if n in looks:
                stand.check(step)
        for later, step in zip((0, 1, MINUTE_MS, HOUR_MS, 12 * HOUR_MS, DAY_MS), steps * 6, strict=False):
            stand.book.advance(stand.book.now_ms + later)
            stand.put([_row(stand.book.now_ms, 5)] * 4)
            stand.check(step)


def test_a_crowded_chunk_is_not_loaded_again() -> None:
    stand = Stand()
    stand.book.advance(START)
    for _ in range(30):
        stand.put([_row(stand.book.now_ms - n, 10**9 + n, price=100.0 + n % 7) for n in range(1_000)])
        stand.book.advance(stand.book.now_ms + 10)
    before = stand.loads
    stand.book.advance(START + 2 * CHUNK_MS)
    assert [span.count for span in stand.book.newest_first()] == [10_000] * 3
    assert not any(span.holds_rows for span in stand.book.newest_first())
    stand.check(Step(0, 9 * MINUTE_MS + 57_850, "BTC", FeedFilter(), ()))
    assert stand.loads == before


def test_a_burst_of_equal_timestamps_is_counted_row_by_row() -> None:
    book = LiquidationBook()
    book.advance(START)
    book.add_many([_row(START, 1_000_000)] * 22_558)
    assert book.sums(0) == {("okx", "BTC/USDT:USDT", Side.LONG): [22_558 * 1_000_000, 22_558]}
    book.advance(START + HOUR_MS - 1)
    assert book.sums(0)
    book.advance(START + HOUR_MS)
    assert book.sums(0) == {}


def test_rows_are_let_go_when_the_recording_holds_them_and_come_back_for_an_edge() -> None:
    stand = Stand()
    stand.book.advance(START)
    for _ in range(40):
        stand.put([_row(stand.book.now_ms - n, 10**9 + n, price=100.0 + n) for n in range(30)])
        stand.book.advance(stand.book.now_ms + CHUNK_MS)
    held = [span for span in stand.book.newest_first() if span.holds_rows]
    # those that the edges of 1 h and more reach within a chunk, and none else
    assert len(held) <= 3
    step = Step(0, 45 * MINUTE_MS + 10, "BTC", FeedFilter(least_usd=1_000), ())
    before = stand.loads
    stand.check(step)
    assert stand.loads > before


def test_a_recording_that_holds_other_rows_is_not_believed() -> None:
    rows = [_row(START - n, 10**9 + n) for n in range(30)]
    others = truth.columns([row._replace(usd_micro=1) for row in rows])
    book = LiquidationBook(lambda number: others)
    book.advance(START)
    book.add_many(rows)
    book.advance(START + 3 * CHUNK_MS)
    book.advance(START + HOUR_MS - 15)
    assert book.sums(0) == truth.sums(rows[:15])


def test_rows_that_are_damaged_in_the_recording_leave_the_windows_all_at_once() -> None:
    rows = [_row(START - i * 1000, 10**9 + i) for i in range(50)]
    empty = LiquidationColumns((), array("q"), array("q"), array("d"), array("d"), array("H"))
    damaged = truth.chunk(1, rows)._replace(load_liquidations=lambda: empty)
    book = LiquidationBook()
    book.restore((damaged,), START + HOUR_MS - 25_000)
    assert book.sums(0) == {("okx", "BTC/USDT:USDT", Side.LONG): [sum(r.usd_micro for r in rows), 50]}
    assert len(book.largest(0)) == 20
    assert Tape().view(book).rows == ()
    book.advance(START + HOUR_MS)
    assert book.sums(0) == {}
    assert book.sums(3) == {("okx", "BTC/USDT:USDT", Side.LONG): [sum(r.usd_micro for r in rows), 50]}


def test_the_largest_of_a_chunk_is_still_known_when_its_details_are_damaged() -> None:
    rows = [_row(START + n, 1_000_000 + n) for n in range(3)]
    damaged = truth.chunk(START // CHUNK_MS, rows)._replace(load_details=lambda: LiquidationDetails((), {}))
    book = LiquidationBook()
    book.restore((damaged,), START + 5_000)
    assert book.largest(0) == truth.largest(rows, 1)
    assert book.largest(0, 1) == truth.largest(rows, 1)


def test_an_edge_that_reaches_damaged_rows_goes_on() -> None:
    rows = [_row(START - i * 1000, 10**9 + i) for i in range(50)]
    empty = LiquidationColumns((), array("q"), array("q"), array("d"), array("d"), array("H"))
    damaged = truth.chunk(1, rows)._replace(load_liquidations=lambda: empty)
    book = LiquidationBook()
    book.restore((damaged,), START)
    book.advance(START + HOUR_MS - 25_000)
    assert book.totals(0).orders == 50
    book.advance(START + HOUR_MS)
    assert book.totals(0).orders == 0


def test_the_tape_fills_up_from_further_back_when_what_it_shows_grows_old() -> None:
    stand = Stand()
    stand.book.advance(START)
    stand.put([_row(START, 7)] * 3)
    stand.put([_row(START - DAY_MS + 2 * CHUNK_MS + n, 9) for n in range(FEED_ROWS)])
    step = Step(0, None, "BTC", FeedFilter(), ())
    stand.check(step)
    for _ in range(4):
        stand.book.advance(stand.book.now_ms + CHUNK_MS)
        stand.check(step)
    view = stand.tape.view(stand.book)
    assert [row.number for row in view.rows] == [0, 1, 2]
    assert stand.tape.view(stand.book) is view
