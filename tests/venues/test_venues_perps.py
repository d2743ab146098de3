"""Funding and open interest: every figure with the time when it was last seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.model.records import PerpStats
from crashdesk.venues.perps import PerpBook
from tests.conftest import FixedClock
from tests.venues.bench import perpetual, shared_parts, venue_of
from tests.venues.rig import ListSink

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


class Written:
    """A book and what it wrote as (symbol, funding, open interest) since the last look."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.sink = ListSink()
        self.clock = clock
        shared = shared_parts(folder, clock, self.sink, "okx")
        self.book = PerpBook(venue_of("okx", None, [perpetual("BTC", "B"), perpetual("ETH", "E")]), shared)

    def news(self) -> list[tuple[str, float | None, float | None]]:
        rows = self.sink.of(PerpStats)
        self.sink.records.clear()
        assert all((row.venue, row.ts_ms) == ("okx", self.clock.ms) for row in rows)
        return [(row.symbol, row.funding_rate, row.open_interest_usd) for row in rows]


@pytest.fixture
def written(tmp_path: Path, fixed_clock: FixedClock) -> Written:
    return Written(tmp_path, fixed_clock)


def test_a_row_says_what_its_poll_saw_and_nothing_else(written: Written) -> None:
    written.book.update({BTC: 0.0001}, {})
    written.book.update({}, {BTC: 5e9, ETH: 1e9})
    assert written.news() == [(BTC, 0.0001, None), (BTC, None, 5e9), (ETH, None, 1e9)]


def test_an_unchanged_figure_is_written_again_after_some_minutes(written: Written) -> None:
    written.book.update({BTC: 0.0001}, {BTC: 5e9})
    written.news()
    for _ in range(2):
        written.clock.ms += 60_000
        written.book.update({BTC: 0.0001}, {BTC: 5e9})
        assert written.news() == []
    written.clock.ms += 60_000
    written.book.update({BTC: 0.0001}, {BTC: 5e9})
    assert written.news() == [(BTC, 0.0001, 5e9)]


def test_the_age_of_each_figure_is_its_own(written: Written) -> None:
    written.book.update({BTC: 0.0001}, {BTC: 5e9})
    written.news()
    for minute in range(1, 12):
        written.clock.ms += 60_000
        written.book.update({}, {BTC: 5e9 + minute})
        assert written.news() == [(BTC, None, 5e9 + minute)], "the funding feed is dead: its time stays"


def test_a_symbol_that_the_venue_leaves_out_keeps_its_old_time(written: Written) -> None:
    written.book.update({BTC: 0.0001, ETH: 0.0002}, {})
    written.news()
    written.clock.ms += 1_200_000
    written.book.update({BTC: 0.0003}, {})
    assert written.news() == [(BTC, 0.0003, None)]
