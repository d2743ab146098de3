"""Coverage stands beside every total of a brief, in text and in JSON."""

from __future__ import annotations

import json
from datetime import UTC

import jsonschema
import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_text
from crashdesk.brief.content import Brief, make_brief
from crashdesk.brief.coverage import NO_TOTALS, recorded_words, seen_by_window, sentences, set_aside, venue_rows
from crashdesk.brief.schema import schema_text
from crashdesk.brief.tables import coins_table, venues_table, windows_table
from crashdesk.model.basket import Baskets
from crashdesk.model.records import Feed, Gap, HealthState, Method
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.liquidation_views import CoverageRow, LiquidationsView, NamedTotals, Totals, WindowTotals
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode

NOW = 1_762_225_964_000
WINDOWS = tuple((f"{hours}h", hours * HOUR_MS) for hours in (1, 4, 12, 24))
GAP = Gap("bybit", Feed.LIQUIDATIONS, NOW - 3 * HOUR_MS, NOW - 2 * HOUR_MS, "disconnected")


def _row(venue: str, method: Method, connected: tuple[float, ...], **more: object) -> CoverageRow:
    row = CoverageRow(venue, HealthState.OK, method, connected[-1], (), NOW - 1_500, "", 0, connected)
    return row._replace(**more)  # type: ignore[arg-type]


OKX = _row("okx", Method.PARTIAL, (1.0, 1.0, 1.0, 1.0))
BYBIT = _row(
    "bybit",
    Method.COMPLETE,
    (0.0, 0.5, 0.75, 0.9),
    state=HealthState.RETRYING,
    detail="the connection was closed",
    gaps=(GAP,),
    set_aside=3,
    reasons=(("unknown symbol", 2), ("missing price", 1)),
)
GATE = _row(
    "gate", Method.UNREACHABLE, (0.0,) * 4, state=HealthState.UNREACHABLE, detail="HTTP 451", last_message_ms=None
)
NOBODY = _row(
    "hyperliquid", Method.NONE, (0.0,) * 4, state=HealthState.STOPPED, detail="no public feed", last_message_ms=None
)


def _view(*rows: CoverageRow, orders: int = 2) -> LiquidationsView:
    sums = Totals(5_000_000, 4_000_000, 1_000_000, orders) if orders else Totals(0, 0, 0, 0)
    windows = tuple(WindowTotals(name, width, sums, None) for name, width in WINDOWS)
    return LiquidationsView(windows, (NamedTotals("okx", sums),) if orders else (), (), (), rows)


def _brief(view: LiquidationsView) -> Brief:
    state = MarketState(Baskets("", "", "", ()), NOW - 30 * HOUR_MS)
    state.tick(NOW)
    return make_brief(state, WeightMode.EQUAL)._replace(liquidations=view)


def test_each_window_names_who_is_behind_it_and_who_is_missing() -> None:
    seen = seen_by_window(_view(OKX, BYBIT, GATE, NOBODY))
    assert seen[0] == (("okx",), ("bybit", "gate", "hyperliquid"))
    assert seen[1] == seen[3] == (("okx", "bybit"), ("gate", "hyperliquid"))


def test_sentences_name_what_is_missing_and_seen_in_part() -> None:
    view = _view(OKX, BYBIT, GATE, NOBODY)
    assert sentences(view, 30 * HOUR_MS) == (
        "Observed in the public feeds of 2 of 4 venues: a floor. Orders, not accounts.",
        "Missing from every total: gate (HTTP 451); hyperliquid (no public feed).",
        "Connected for a part of 24h: bybit 90 %.",
    )
    assert set_aside(view) == "Rows set aside: bybit 3 (unknown symbol 2, missing price 1)."
    assert sentences(_view(OKX), 30 * HOUR_MS) == (
        "Observed in the public feeds of 1 of 1 venues: a floor. Orders, not accounts.",
    )
    assert set_aside(_view(OKX)) == ""


def test_a_venue_that_cannot_be_reached_any_more_is_in_the_windows_in_which_it_was() -> None:
    cut_off = GATE._replace(connected=(0.0, 0.0, 0.5, 0.75), connected_share=0.75)
    seen = seen_by_window(_view(OKX, cut_off))
    assert (seen[0].missing, seen[2].missing, seen[3].missing) == (("gate",), (), ())
    assert sentences(_view(OKX, cut_off), 30 * HOUR_MS)[1:] == ("Connected for a part of 24h: gate 75 %.",)


def test_tables_mark_the_windows_that_are_longer_than_the_recording() -> None:
    view, named = _view(OKX), (NamedTotals("BTC", NO_TOTALS),)
    tables = {
        recorded: (
            [row[0] for row in windows_table(view, recorded).rows],
            venues_table(view, venue_rows(view), recorded).head[0],
            coins_table(view, named, recorded).head[0],
        )
        for recorded in (5 * HOUR_MS, 24 * HOUR_MS)
    }
    assert tables[5 * HOUR_MS] == (["1h", "4h", "12h*", "24h*"], "venue, 24h*", "coin, 24h*")
    assert tables[24 * HOUR_MS] == (["1h", "4h", "12h", "24h"], "venue, 24h", "coin, 24h")


def test_a_share_of_a_short_recording_is_no_share_of_a_day() -> None:
    assert sentences(_view(BYBIT), 40_500)[1:] == (
        "Connected for a part of the 40 s recorded: bybit 90 %.",
        "A window marked * is longer than the recording, which covers 40 s.",
    )
    assert [recorded_words(ms) for ms in (0, 99_999, 100_000, 47 * 60_000, 4 * HOUR_MS)] == [
        "0 s",
        "99 s",
        "1 min",
        "47 min",
        "4.0 h",
    ]


def test_text_has_it_beside_the_totals() -> None:
    text = brief_text(_brief(_view(OKX, BYBIT, GATE, NOBODY)), UTC)
    lines = text.splitlines()
    (hour,) = (line for line in lines if line.strip().startswith("1h "))
    assert hour.split()[-3:] == ["1", "of", "4"]
    (okx, source) = (line for line in lines if line.strip().startswith("okx "))
    assert okx.split()[-3:] == ["partial", "100", "%"]
    assert source.split()[:3] == ["okx", "ok", "partial"]
    (bybit,) = (line for line in lines if line.strip().startswith("bybit "))
    assert " ".join(bybit.split()) == "bybit retrying complete 0 % 50 % 75 % 90 % 1 1.5 s old 3"


def test_json_has_method_share_gaps_age_and_reasons_by_window() -> None:
    brief = json.loads(brief_json(_brief(_view(OKX, BYBIT, GATE, NOBODY))))
    jsonschema.validate(brief, json.loads(schema_text()))
    window = brief["liquidations"]["windows"]["1h"]
    assert (window["venues_seen"], window["venues_missing"]) == (["okx"], ["bybit", "gate", "hyperliquid"])
    rows = {row["venue"]: row for row in brief["coverage"]}
    assert rows["bybit"]["connected"] == {"1h": 0.0, "4h": 0.5, "12h": 0.75, "24h": 0.9}
    assert rows["bybit"]["set_aside_reasons"] == [
        {"reason": "unknown symbol", "rows": 2},
        {"reason": "missing price", "rows": 1},
    ]
    assert rows["bybit"]["last_message_age_ms"] == 1_500
    assert [gap["reason"] for gap in rows["bybit"]["gaps"]] == ["disconnected"]
    assert (rows["gate"]["method"], rows["gate"]["detail"]) == ("unreachable", "HTTP 451")
    assert rows["hyperliquid"]["last_message_age_ms"] is None


@pytest.mark.parametrize("rows", [(), (GATE, NOBODY)])
def test_nothing_seen_is_unknown_and_never_zero(rows: tuple[CoverageRow, ...]) -> None:
    brief = _brief(_view(*rows, orders=0))
    windows = json.loads(brief_json(brief))["liquidations"]["windows"]
    assert {window["total_usd"] for window in windows.values()} == {None}
    assert "nothing is known" in brief_text(brief, UTC)


def test_no_percent_sign_begins_a_line_of_the_text() -> None:
    """Names of every length move the end of the line over every place of the sentence."""
    for length in range(1, 30):
        rows = [_row("x" * length, Method.COMPLETE, (0.5,) * 4) for _ in range(12)]
        text = brief_text(_brief(_view(*rows)), UTC)
        assert not any(line.startswith("%") for line in text.splitlines())
