"""A pane without anything to show says why and what to do; the status line says why nothing moves."""

from __future__ import annotations

import pytest

from crashdesk.config.keymap import build_keymap
from crashdesk.desk.empty import (
    no_candles,
    no_liquidations,
    no_sectors,
    no_tickers,
    said,
    silent_venue,
    without_network,
)
from crashdesk.desk.stalled import stalled
from crashdesk.model.recorder import RecorderState
from crashdesk.model.records import Feed, HealthState, Method
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.liquidation_views import CoverageRow
from crashdesk.session.views import DeskView, FeedLine, Mode, VenueLine
from tests.desk.fake_link import make_desk
from tests.desk.sample_chart import chart_view
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view, empty_view
from tests.desk.test_desk_app import rows_of

LOOK = sample_look()
KEYS = {"clear": "Esc", "group_next": "}", "timeframe_next": "t", "palette": ":"}


def coverage(venue: str, state: HealthState, method: Method, detail: str = "") -> CoverageRow:
    share = 1.0 if state is HealthState.OK and method is not Method.NONE else 0.0
    return CoverageRow(venue, state, method, share, (), None, detail, 0)


def heard(*rows: CoverageRow) -> DeskView:
    view = empty_view("")
    return view._replace(liquidations=view.liquidations._replace(coverage=rows))


OKX = coverage("okx", HealthState.OK, Method.SAMPLED)
GEO = coverage("bybit", HealthState.UNREACHABLE, Method.UNREACHABLE, "unreachable here (HTTP 403)")
NONE = coverage("kraken", HealthState.OK, Method.NONE)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((OKX, GEO, NONE), "no liquidation yet, listening to okx (1 of 3 venues)"),
        ((GEO, NONE), "no feed of liquidations is connected: bybit unreachable here"),
        (
            (GEO, GEO._replace(venue="htx"), GEO._replace(venue="gate", detail="gone")),
            "no feed of liquidations is connected: bybit, htx unreachable here; gate gone",
        ),
        ((NONE,), "no feed of liquidations is connected: the venues here have none"),
        ((), "waiting for liquidations"),
    ],
)
def test_no_liquidations(rows: tuple[CoverageRow, ...], words: str) -> None:
    assert no_liquidations(heard(*rows)) == words


def test_a_venue_that_is_filtered_for_and_silent() -> None:
    view = heard(OKX, GEO, NONE).liquidations
    assert silent_venue(view, "Kraken") == "; kraken: has no public feed of liquidations"
    assert silent_venue(view, "bybit") == "; bybit: unreachable here"
    assert silent_venue(view, "okx") == silent_venue(view, None) == ""


def test_no_tickers() -> None:
    view = desk_view()
    assert no_tickers(view, "zzz", "", KEYS.__getitem__) == "no symbol matches 'zzz': Esc clears the filter"
    assert no_tickers(view, "zzz", "two", KEYS.__getitem__) == (
        "no symbol matches 'zzz' in the group two: Esc clears the filter, } goes to the next group"
    )
    assert no_tickers(view, "", "two", KEYS.__getitem__) == (
        "no symbol of the group two is here: } goes to the next group"
    )
    assert no_tickers(empty_view("waiting for the recorder"), "", "", KEYS.__getitem__) == "waiting for the recorder"
    late = empty_view("")._replace(transport=view.transport)
    assert no_tickers(late, "", "", KEYS.__getitem__) == "no price of the last 24 hours at this time of the recording"


def test_without_network_the_way_out_is_named() -> None:
    words = "`crashdesk doctor` says which venues are reachable; `crashdesk demo` needs no network"
    assert without_network(empty_view("waiting for the first prices: no connection to the venue (okx)")) == words
    assert without_network(empty_view("waiting for the first prices")) == ""
    assert without_network(desk_view(mode=Mode.LIVE)) == without_network(None) == ""


def test_what_is_said_is_folded_and_only_the_last_line_is_cut() -> None:
    words = "waiting for the first prices: no connection"
    assert [strip.text for strip in said(words, 18, 5, LOOK)] == [
        " waiting for the  ",
        " first prices: no ",
        " connection       ",
    ]
    assert [strip.text for strip in said(words, 18, 2, LOOK)] == [" waiting for the  ", " first prices: no…"]
    assert [strip.text for strip in said(words, 18, 0, LOOK)] == [" waiting for the… "]
    assert [strip.text for strip in said("abcdefgh", 5, 5, LOOK)] == [" abcd", " efgh"]


async def test_without_network_the_whole_sentence_is_read_in_a_narrow_pane() -> None:
    why = "waiting for the first prices: no connection to the venue (binance GET https://api.binance.example/v3/info)"
    app = make_desk(empty_view(why))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        left = " ".join(row[1:].partition("│")[0].strip() for row in rows_of(app)[2:8])
        assert "`crashdesk demo` needs no network" in left


async def test_a_small_terminal_says_what_is_waited_for() -> None:
    app = make_desk(empty_view("waiting for the first prices: no connection to the venue (okx, bybit); gone (htx)"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "waiting: no connection to the venue" in rows_of(app)[0]
        assert "`crashdesk doctor`" in rows_of(app)[4]


def test_no_sectors() -> None:
    assert no_sectors(empty_view("waiting for the recorder")) == "waiting for the recorder"
    assert no_sectors(desk_view()) == "the baskets have no sector: [baskets] file in config.toml names them"


def test_no_candles() -> None:
    live, chart = desk_view(mode=Mode.LIVE), chart_view()
    assert no_candles(chart, desk_view(), KEYS.__getitem__) == (
        "no 1d candles of BTC/USDT in this recording: t shows another timeframe"
    )
    assert no_candles(chart, live, KEYS.__getitem__) == "loading 1d candles of BTC/USDT from okx"
    limited = FeedLine("okx", Feed.CANDLES, HealthState.RATE_LIMITED, "rate limited (429)", 0, None, None)
    busy = live._replace(status=live.status._replace(feeds=(limited,)))
    assert no_candles(chart, busy, KEYS.__getitem__) == ("loading 1d candles of BTC/USDT from okx: rate limited (okx)")
    other = chart._replace(symbol="XYZ/USDT", venue=None)
    assert no_candles(other, live, KEYS.__getitem__) == (
        "no venue here tells the price of XYZ/USDT; : and a coin shows that one"
    )


def standing(mode: Mode, age_ms: int, state: HealthState = HealthState.OK, detail: str = "") -> DeskView:
    """All prices are `age_ms` old."""
    view, at = desk_view(mode=mode), NOW_MS - age_ms
    venues = tuple(VenueLine(name, at, 15_000, state, detail) for name in ("htx", "okx"))
    feeds = tuple(FeedLine(venue.venue, Feed.TICKERS, state, detail, at, at, None) for venue in venues)
    return view._replace(status=view.status._replace(venues=venues, feeds=feeds))


def test_prices_that_move_need_no_words() -> None:
    assert stalled(desk_view(), NOW_MS, None, LOOK) == ()
    assert stalled(standing(Mode.LIVE, MINUTE_MS - 1), NOW_MS, None, LOOK) == ()
    assert stalled(empty_view("waiting"), NOW_MS, None, LOOK) == ()


@pytest.mark.parametrize(
    ("state", "detail", "words"),
    [
        (HealthState.RETRYING, "no network (DNS)", "no network (htx, okx)"),
        (HealthState.RATE_LIMITED, "rate limited", "rate limited (htx, okx)"),
        (HealthState.UNREACHABLE, "unreachable here: the venue refuses this location (451)", None),
        (HealthState.OK, "", "no venue answers"),
    ],
)
def test_live_prices_that_stand_tell_since_when_and_why(state: HealthState, detail: str, words: str | None) -> None:
    said = stalled(standing(Mode.LIVE, 10 * MINUTE_MS, state, detail), NOW_MS, None, LOOK)
    reason = words or "unreachable here: the venue refuses this location (htx, okx)"
    assert said[0] == f"prices stand since 03:02:44 (htx): {reason}"
    assert said[-1] == f"prices stand 10m: {reason.partition(' (')[0].partition(':')[0]}"
    assert [len(form) for form in said] == sorted((len(form) for form in said), reverse=True)


def test_when_it_is_tried_again_is_told() -> None:
    view = standing(Mode.LIVE, 10 * MINUTE_MS, HealthState.RATE_LIMITED, "rate limited")
    first, *others = view.status.feeds
    feeds = (first._replace(retry_at_ms=NOW_MS + 16_000), *others)
    said = stalled(view._replace(status=view.status._replace(feeds=feeds)), NOW_MS, None, LOOK)
    assert said[0].endswith("rate limited (htx, okx), next try 03:13:00")


def test_a_recorder_that_is_gone_tells_its_reason_itself() -> None:
    gone = RecorderState("exited, again in 4 s", well=False)
    said = stalled(standing(Mode.LIVE, 10 * MINUTE_MS), NOW_MS, gone, LOOK)
    assert said == ("prices stand since 03:02:44 (htx)", "prices stand 10m")


def test_a_gap_of_a_recording() -> None:
    view = standing(Mode.REPLAY, 2 * HOUR_MS)
    assert stalled(view, NOW_MS, None, LOOK)[0] == "prices stand since 01:12:44 (htx): nothing was recorded"
    gap = view.scrubber._replace(gaps=((NOW_MS - 2 * HOUR_MS, NOW_MS + MINUTE_MS),))
    said = stalled(view._replace(scrubber=gap), NOW_MS, None, LOOK)
    assert said[0] == "prices stand since 01:12:44 (htx): nothing was recorded until 03:13:44"


@pytest.mark.parametrize("size", [(160, 48), (80, 24)])
async def test_the_status_line_says_it_at_every_size(size: tuple[int, int]) -> None:
    view = standing(Mode.LIVE, 10 * MINUTE_MS, HealthState.RETRYING, "no network")
    app = make_desk(view)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "prices stand" in rows_of(app)[0]
        assert "no network" in rows_of(app)[0]


async def test_hints_name_the_keys_in_force() -> None:
    keymap, problems = build_keymap((("clear", ("Q",)), ("level_place", ("ctrl+l",))))
    assert not problems
    view = desk_view()
    app = make_desk(view._replace(ladder=view.ladder._replace(rows=())), keymap=keymap)
    async with app.run_test(size=(160, 48)) as pilot:
        app.desk.tickers.find("zzz")
        await pilot.pause()
        screen = "\n".join(rows_of(app))
        assert "no symbol matches 'zzz': Q clears the filter" in screen
        assert "no levels of BTC/USDT yet: Ctrl+l places one" in screen
