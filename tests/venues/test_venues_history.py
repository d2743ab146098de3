"""Property: whatever is polled, refused, cut off or started anew, each true liquidation within reach counts once.

The feed under test is the product's own, on a simulated venue of each of the three kinds of pages; the truth is the
list of events that the venue has ever had, and every window is compared with a brute-force sum over it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crashdesk.model.records import Feed, Gap, Liquidation, Record
from crashdesk.venues.errors import HttpRefusalError
from crashdesk.venues.identity import Key, key_of
from crashdesk.venues.normalise import gate
from crashdesk.venues.normalise.rows import FUTURE_MS, Context, Refusal
from crashdesk.venues.paging.pages import PageRules, Span
from crashdesk.venues.rest_liquidations import RestLiquidations
from crashdesk.venues.shared import Seen
from tests.conftest import FixedClock
from tests.venues.bench import perpetual, shared_parts, venue_of
from tests.venues.rig import ListSink

START = 1_762_225_964_000
DAY = 24 * 3_600_000
MINUTE = 60_000

Event = tuple[int, int]
"""(time in ms, size): few times and few sizes, so that twins and full milliseconds are common."""


@dataclass
class Simulated:
    """A venue: its events, how it pages, and what it does to a request. `keeps` is how many rows it remembers."""

    rules: PageRules
    newest_first: bool = True
    keeps: int | None = None
    events: list[Event] = field(default_factory=list)
    down: bool = False
    refuse_in: int | None = None

    def sources(self, perpetuals: Sequence[str]) -> Sequence[str]:
        return ("all",)

    def holds(self, source: str, symbol: str) -> bool:
        return True

    async def ask(self, exchange: Any, source: str, span: Span) -> list[object]:
        if self.refuse_in is not None:
            self.refuse_in -= 1
        if self.down or self.refuse_in == 0:
            raise HttpRefusalError(500, "", None)
        shown = sorted(self.events)[-self.keeps :] if self.keeps is not None else sorted(self.events)
        if self.rules.window_ms is not None:
            assert span.end_ms is not None
            assert 0 <= span.end_ms - span.start_ms <= self.rules.window_ms
            found = [one for one in shown if span.start_ms <= whole(one[0], self.rules.unit_ms) <= span.end_ms]
        else:
            found = [one for one in shown if span.end_ms is None or one[0] <= span.end_ms]
        if self.newest_first:
            found.reverse()
        return [{"ms": whole(at, self.rules.unit_ms), "size": size} for at, size in found[: self.rules.rows]]

    def time_of(self, row: object) -> int | None:
        return row["ms"] if isinstance(row, dict) else None


def whole(ms: int, unit_ms: int) -> int:
    return ms // unit_ms * unit_ms


def normalised(page: Sequence[Any], context: Context) -> list[Liquidation | Refusal]:
    """Gate's own normaliser on the simulated rows, whose times are put back in milliseconds."""
    rows = []
    for one in page:
        raw = {"contract": "BTC_USDT", "time": one["ms"] / 1000, "size": one["size"], "left": 0, "fill_price": "100"}
        rows += gate.rows([raw], context)
    return rows


KINDS = {
    "pages back": Simulated(PageRules(rows=5, requests=4)),
    "pages back, two requests a poll": Simulated(PageRules(rows=4, requests=2)),
    "windows, newest rows": Simulated(PageRules(rows=5, window_ms=3_600_000, unit_ms=1000)),
    "windows, oldest rows": Simulated(PageRules(rows=5, window_ms=3_600_000, unit_ms=1000), newest_first=False),
    "a short memory": Simulated(PageRules(rows=5), keeps=12),
}


class TimedSink(ListSink):
    """Keeps when each liquidation was written."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__()
        self.clock = clock
        self.written: list[tuple[int, Liquidation]] = []

    def append(self, records: Sequence[Record]) -> None:
        super().append(records)
        self.written += [(self.clock.ms, one) for one in records if isinstance(one, Liquidation)]


class Run:
    """A recorder that is polled by hand, and started anew now and then."""

    def __init__(self, folder: Path, venue: Simulated) -> None:
        self.folder = folder
        self.venue = venue
        self.clock = FixedClock(START)
        self.sink = TimedSink(self.clock)
        self.since: int | None = None
        self.start()

    def start(self) -> None:
        """A recorder begins; it knows what was written to the recording since `since`."""
        shared = shared_parts(self.folder, self.clock, self.sink, "gate")
        listed = venue_of("gate", None, [perpetual("BTC", "BTC_USDT")])
        known = tuple(row for at, row in self.sink.written if self.since is not None and at >= self.since)
        seen = Seen(known, self.since)
        self.feed = RestLiquidations(listed, shared, seen, normalised, self.venue)

    async def poll(self) -> None:
        with contextlib.suppress(HttpRefusalError):
            await self.feed._poll()


ACTIONS = st.one_of(
    st.tuples(st.just("events"), st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2)), min_size=1, max_size=14)),
    st.tuples(st.just("late"), st.lists(st.tuples(st.integers(-20, 59), st.integers(1, 2)), min_size=1, max_size=3)),
    st.tuples(st.just("time"), st.sampled_from([1, 400, 10_000, 45 * MINUTE, 5 * 60 * MINUTE])),
    st.tuples(st.just("poll"), st.none()),
    st.tuples(st.just("refused"), st.integers(1, 4)),
    st.tuples(st.just("down"), st.booleans()),
    st.tuples(st.just("restart"), st.none()),
)


async def act(run: Run, what: str, how: Any) -> None:
    venue, clock = run.venue, run.clock
    match what:
        case "events":
            venue.events += [(clock.ms - ago, size) for ago, size in how]
        case "late":
            venue.events += [(clock.ms - 1000 * ago, size) for ago, size in how]
        case "time":
            clock.ms += how
        case "refused":
            venue.refuse_in = how
            await run.poll()
            venue.refuse_in = None
        case "down":
            venue.down = how
        case "restart":
            run.since = clock.ms - 2 * 60 * MINUTE
            run.start()
        case _:
            await run.poll()


async def played(run: Run, actions: Sequence[tuple[str, Any]]) -> None:
    for what, how in actions:
        await act(run, what, how)
    run.venue.down = False
    for _ in range(250):  # longer than what is asked for again lies back: by then even a burst of tiny pages is through
        run.clock.ms += 10_000
        await run.poll()
        if not run.feed._sources["all"].backlog.waiting():
            return
    raise AssertionError("the history is never read to its end")


def inside(gaps: Sequence[Gap], ts_ms: int) -> bool:
    return any(gap.start_ms <= ts_ms <= gap.end_ms for gap in gaps)


def truth(venue: Simulated, context: Context) -> Counter[Key]:
    rows = normalised([{"ms": whole(at, venue.rules.unit_ms), "size": size} for at, size in venue.events], context)
    return Counter(key_of(row) for row in rows if isinstance(row, Liquidation))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, max_size=25))
def test_each_true_event_within_reach_counts_once(tmp_path: Path, kind: str, actions: list[tuple[str, Any]]) -> None:
    plan = KINDS[kind]
    venue = Simulated(plan.rules, plan.newest_first, plan.keeps)
    run = Run(tmp_path, venue)
    asyncio.run(played(run, actions))
    listed = venue_of("gate", None, [perpetual("BTC", "BTC_USDT")])
    context = Context("gate", listed.watched.listing.contracts, run.clock.ms)
    true = truth(venue, context)
    got = Counter(map(key_of, run.sink.of(Liquidation)))
    gaps = [gap for gap in run.sink.of(Gap) if gap.feed is Feed.LIQUIDATIONS]
    assert not got - true, "doubled or made up"
    missing = true - got
    reach = START - DAY if run.since is None else run.since + FUTURE_MS
    assert all(inside(gaps, key[1]) for key in missing if key[1] >= reach), (missing, gaps)
    for width in (60 * MINUTE, 4 * 60 * MINUTE, DAY):
        from_ms = run.clock.ms - width
        if from_ms >= reach and not any(gap.end_ms > from_ms for gap in gaps):
            kept = sum(row.usd_micro for row in run.sink.of(Liquidation) if row.ts_ms > from_ms)
            assert kept == sum(key[3] * count for key, count in true.items() if key[1] > from_ms)
