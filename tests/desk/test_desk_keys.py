"""A pilot test of every action in the table: its key does what the table says."""

from __future__ import annotations

import pytest

from crashdesk.config.actions import ACTIONS, Action
from crashdesk.model.records import Side
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.stops import Stop, StopKind
from crashdesk.session.views import WeightMode
from tests.desk.chart_key_checks import (
    accepts,
    cancels,
    cross_leaves,
    cross_notes,
    cross_places,
    crosses,
    helps_in,
    moves_point,
    place_erases,
    place_leaves,
    place_moves,
    place_sets,
    place_types,
    trends,
)
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.key_stand import (
    SIZE,
    Check,
    Stand,
    asks,
    chooses_columns,
    focuses,
    groups,
    moves_tickers,
    next_pane,
    opens_command,
    previous_pane,
)
from tests.desk.pane_key_checks import (
    bookmarks,
    briefs,
    changes_chart,
    clears,
    edits,
    filters,
    filters_by_row,
    helps,
    interrupts,
    left,
    loops,
    next_layout,
    notes,
    opens_commands,
    opens_stress,
    pictures,
    places,
    quits,
    redoes,
    reverses,
    right,
    seconds,
    shows_themes,
    sizes,
    sorts,
    suspends,
    tabs,
    toggles_volume,
    undoes,
    zooms,
)
from tests.desk.sample_views import desk_view
from tests.desk.waiting import settled

CHECKS: dict[str, Check] = {
    **{
        f"focus_{name}": focuses(name) for name in ("tickers", "sectors", "liquidations", "chart", "levels", "timeline")
    },
    "focus_next": next_pane,
    "focus_previous": previous_pane,
    "zoom": zooms,
    "layout_next": next_layout,
    "move_up": moves_tickers(("down", "down"), 1),
    "move_down": moves_tickers((), 1),
    "move_left": left,
    "move_right": right,
    "half_page_up": moves_tickers(("pagedown",), 6),
    "half_page_down": moves_tickers((), 5),
    "page_up": moves_tickers(("pagedown", "pagedown", "pageup"), 0),
    "page_down": moves_tickers((), 11),
    "move_first": moves_tickers(("down", "down"), 0),
    "move_last": moves_tickers((), -1),
    "sort": sorts,
    "sort_reverse": reverses,
    "group_previous": groups("top 20"),
    "group_next": groups("top 20"),
    "columns": chooses_columns,
    "symbol_add": opens_command("ADD "),
    "symbol_remove": opens_command("RM BTC/USDT"),
    "filter": filters,
    "clear": clears,
    "choose": asks("select_symbol", "ETH/USDT", before=("down",)),
    "timeframe_next": asks("select_timeframe", Timeframe.W1),
    "timeframe_previous": asks("select_timeframe", Timeframe.H4),
    **dict.fromkeys(
        (
            "chart_kind",
            "chart_log",
            "chart_averages",
            "chart_zoom_in",
            "chart_zoom_out",
            "chart_profile",
        ),
        changes_chart,
    ),
    "chart_volume": toggles_volume,
    "chart_second": seconds,
    "weights": asks("select_weights", WeightMode.VOLUME),
    "minimum_size": sizes,
    "feed_side": asks("select_feed", FeedFilter(side=Side.LONG)),
    "feed_coin": filters_by_row,
    "feed_venue": filters_by_row,
    "feed_window": asks("select_window", "1h"),
    "feed_tabs": tabs,
    "level_place": places,
    "level_trend": trends,
    "crosshair": crosses,
    **{f"place_{way}": moves_point("A", "left", "left") for way in ("left", "right", "left_far", "right_far")},
    **{
        f"crosshair_{way}{far}": moves_point("x", "left", "left", "up", "up")
        for way in ("up", "down", "left", "right")
        for far in ("", "_far")
    },
    "crosshair_snap": moves_point("x", "up"),
    "crosshair_place": cross_places,
    "crosshair_note": cross_notes,
    "crosshair_leave": cross_leaves,
    "place_help": helps_in("a", "one chart row up"),
    "crosshair_help": helps_in("x", "pin a note at that candle"),
    "level_edit": edits,
    "level_delete": edits,
    "undo": undoes,
    "redo": redoes,
    "note": notes,
    "pause": asks("toggle_play"),
    "step_back": asks("step_frames", -1),
    "step_on": asks("step_frames", 1),
    "minute_back": asks("move", -60_000),
    "minute_on": asks("move", 60_000),
    "hour_back": asks("move", -3_600_000),
    "hour_on": asks("move", 3_600_000),
    "part_back": asks("move", -864_000),
    "part_on": asks("move", 864_000),
    "bookmark": bookmarks,
    "bookmark_previous": asks("step_event", (-1, Stop(StopKind.BOOKMARK))),
    "bookmark_next": asks("step_event", (1, Stop(StopKind.BOOKMARK))),
    "loop": loops,
    "event_previous": asks("step_event", -1),
    "event_next": asks("step_event", 1),
    "slower": asks("change_speed", -1),
    "faster": asks("change_speed", 1),
    "live_edge": asks("to_end"),
    "palette": opens_commands,
    "themes": shows_themes,
    "brief": briefs,
    "stress": opens_stress,
    "picture": pictures,
    "help": helps,
    "quit": quits,
    "interrupt": interrupts,
    "suspend": suspends,
    **dict.fromkeys(
        (
            "place_up",
            "place_down",
            "place_up_far",
            "place_down_far",
            "place_up_percent",
            "place_down_percent",
            "place_snap",
        ),
        place_moves,
    ),
    "place_type": place_types,
    "place_erase": place_erases,
    "place_set": place_sets,
    "place_cancel": place_leaves,
    "input_accept": accepts,
    "input_cancel": cancels,
}


def test_every_action_has_a_check() -> None:
    assert set(CHECKS) == {action.id for action in ACTIONS}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
async def test_key_does_what_the_table_says(action: Action) -> None:
    link, memory = FakeLink(desk_view()), Memory()
    app = make_desk(link=link, memory=memory)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await CHECKS[action.id](Stand(app, pilot, link, memory, action.keys[0]))
    if action.id in {"quit", "interrupt"}:
        assert ("stop", None) in link.calls
