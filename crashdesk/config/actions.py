"""The one table of actions: the source of bindings, footer, help, palette and README."""

from enum import StrEnum
from typing import NamedTuple

INTERRUPT = "interrupt"


class KeyMode(StrEnum):
    """When a key belongs to an action. `EVERY` is all the others at once."""

    NORMAL = "normal"
    PLACE = "place"
    CROSSHAIR = "crosshair"
    INPUT = "input"
    EVERY = "every"


class KeyGroup(StrEnum):
    """The headings of help, in their order."""

    PANES = "panes"
    MOVE = "move"
    FIND = "find"
    CHART = "chart"
    MARKET = "market"
    LEVELS = "levels and notes"
    REPLAY = "replay"
    DESK = "desk"
    PLACE = "placing a level or a trend line"
    CROSSHAIR = "crosshair"
    INPUT = "typing"


class Action(NamedTuple):
    """Something a key does. `keys` are canonical names (see `config.key_names`); `fixed` ones can't be re-bound."""

    id: str
    keys: tuple[str, ...]
    description: str
    group: KeyGroup
    mode: KeyMode = KeyMode.NORMAL
    fixed: bool = False


WRITES = frozenset(
    {
        "level_place",
        "level_trend",
        "level_edit",
        "level_delete",
        "undo",
        "redo",
        "note",
        "bookmark",
        "crosshair_place",
        "crosshair_note",
        "symbol_add",
        "symbol_remove",
        "picture",
        "suspend",
    }
)
"""Actions that keep something, ask the recorder for something, or stop the process: a read-only desk has none."""


def _rows(
    group: KeyGroup, *rows: tuple[str, str, str], mode: KeyMode = KeyMode.NORMAL, fixed: bool = False
) -> tuple[Action, ...]:
    """Actions of one group from (id, keys with spaces between, description)."""
    return tuple(Action(id_, tuple(keys.split()), text, group, mode, fixed) for id_, keys, text in rows)


ACTIONS: tuple[Action, ...] = (
    *_rows(
        KeyGroup.PANES,
        ("focus_tickers", "1", "focus the tickers"),
        ("focus_sectors", "2", "focus the sectors"),
        ("focus_liquidations", "3", "focus the liquidations"),
        ("focus_chart", "4", "focus the chart"),
        ("focus_levels", "5", "focus the levels"),
        ("focus_timeline", "6", "focus the timeline"),
        ("focus_next", "tab", "next pane"),
        ("focus_previous", "shift+tab", "previous pane"),
        ("zoom", "z", "zoom the pane and back"),
        ("layout_next", "D", "next layout of the panes: desk, chart, liquidations, heatmap, watch, your own"),
    ),
    *_rows(
        KeyGroup.MOVE,
        ("move_up", "k up", "up"),
        ("move_down", "j down", "down"),
        ("move_left", "left", "left; an earlier part of the chart"),
        ("move_right", "right", "right; a later part of the chart"),
        ("half_page_up", "ctrl+u", "half a page up"),
        ("half_page_down", "ctrl+d", "half a page down"),
        ("page_up", "pageup", "a page up"),
        ("page_down", "pagedown", "a page down"),
        ("move_first", "g home", "first"),
        ("move_last", "G end", "last"),
    ),
    *_rows(
        KeyGroup.FIND,
        ("sort", "s", "sort by the column whose letter is pressed next"),
        ("sort_reverse", "S", "reverse the order"),
        ("filter", "slash", "filter the pane (fuzzy)"),
        ("clear", "escape", "clear the filter, close what is open"),
        ("group_previous", "left_curly_bracket", "previous group of tickers: all, your own, the most traded ..."),
        ("group_next", "right_curly_bracket", "next group of tickers"),
        ("columns", "K", "choose the columns of the tickers and their order"),
        ("symbol_add", "Y insert", "live: poll one more symbol"),
        ("symbol_remove", "X delete", "live: stop polling the row's symbol"),
        (
            "choose",
            "enter",
            "make the row's symbol the desk's; on a sector: open its members; on a venue or size: filter the tape",
        ),
    ),
    *_rows(
        KeyGroup.CHART,
        ("timeframe_next", "t", "next timeframe"),
        ("timeframe_previous", "T", "previous timeframe"),
        ("chart_kind", "c", "candles or line"),
        ("chart_log", "y", "logarithmic or linear price axis"),
        ("chart_averages", "i", "averages: SMA200, SMA50, EMA200"),
        ("chart_volume", "U", "volume under the candles"),
        ("chart_second", "v", "second chart: the same symbol in the next timeframe, and on to none"),
        ("chart_zoom_in", "o", "zoom the chart in"),
        ("chart_zoom_out", "O", "zoom the chart out"),
        ("chart_profile", "P", "liquidated in 24 h by price, beside the price axis"),
    ),
    *_rows(
        KeyGroup.MARKET,
        ("weights", "w", "sector weights: equal, volume, cap"),
        ("stress", "M", "the stress gauge: its parts, each with its value, weight and place in the past"),
        ("minimum_size", "m", "smallest liquidation shown: 0, 10k, 50k, 100k, 1M"),
        ("feed_side", "l", "liquidations of both sides, long only, short only"),
        ("feed_coin", "C", "tape: only the row's coin, all coins"),
        ("feed_venue", "V", "tape: only the row's venue, all venues"),
        ("feed_tabs", "h", "feed tabs: tape, venues, coins, sizes, largest"),
        ("feed_window", "W", "window of the tabs: 1h, 4h, 12h, 24h and the free one"),
    ),
    *_rows(
        KeyGroup.LEVELS,
        ("level_place", "a", "place a level"),
        ("level_trend", "A", "place a trend line: two points, one after the other"),
        ("crosshair", "x", "crosshair: read values off the chart"),
        ("level_edit", "e", "edit the chosen level or note"),
        ("level_delete", "d", "delete the chosen level or note"),
        ("undo", "u", "undo"),
        ("redo", "ctrl+r", "redo"),
        ("note", "n", "pin a note at the time shown; it may begin with its kind: hack: ..."),
    ),
    *_rows(
        KeyGroup.REPLAY,
        ("pause", "space", "pause, go on"),
        ("step_back", "comma", "one snapshot back"),
        ("step_on", "full_stop", "one snapshot on"),
        ("minute_back", "less_than_sign", "one minute back"),
        ("minute_on", "greater_than_sign", "one minute on"),
        ("hour_back", "R ctrl+left", "one hour back"),
        ("hour_on", "F ctrl+right", "one hour on"),
        ("part_back", "9 shift+left", "a hundredth of the recording back"),
        ("part_on", "0 shift+right", "a hundredth of the recording on"),
        ("event_previous", "left_square_bracket", "previous event"),
        ("event_next", "right_square_bracket", "next event"),
        ("bookmark", "B", "bookmark the time shown"),
        ("bookmark_previous", "left_parenthesis", "previous bookmark"),
        ("bookmark_next", "right_parenthesis", "next bookmark"),
        ("loop", "r", "play the range between the last two bookmarks again and again; off by the same key"),
        ("slower", "minus", "slower"),
        ("faster", "equals_sign plus", "faster"),
        ("live_edge", "L", "to the live edge"),
    ),
    *_rows(
        KeyGroup.DESK,
        ("palette", "colon ctrl+p", "command line and palette"),
        ("themes", "I", "themes: each is seen while the list moves"),
        ("brief", "b", "brief of this moment"),
        ("picture", "p", "picture of the screen (SVG)"),
        ("help", "question_mark", "help of the focused pane"),
        ("quit", "q", "quit"),
    ),
    *_rows(
        KeyGroup.DESK,
        (INTERRUPT, "ctrl+c", "pressed twice: quit"),
        ("suspend", "ctrl+z", "suspend"),
        mode=KeyMode.EVERY,
        fixed=True,
    ),
    *_rows(
        KeyGroup.PLACE,
        ("place_up", "up k", "one chart row up"),
        ("place_down", "down j", "one chart row down"),
        ("place_up_far", "K shift+up", "10 chart rows up"),
        ("place_down_far", "J shift+down", "10 chart rows down"),
        ("place_up_percent", "ctrl+u ctrl+up", "1 % up"),
        ("place_down_percent", "ctrl+d ctrl+down", "1 % down"),
        ("place_left", "left h", "trend line: one candle earlier"),
        ("place_right", "right l", "trend line: one candle later"),
        ("place_left_far", "H shift+left", "trend line: 10 candles earlier"),
        ("place_right_far", "L shift+right", "trend line: 10 candles later"),
        (
            "place_snap",
            "x",
            "snap to the nearest high, low, round number, SMA200 or level found; a point to its candle",
        ),
        ("place_set", "enter", "set it, then label and kind; a trend line: the next point"),
        ("place_cancel", "escape", "leave all as it was; a trend line: back to its first point"),
        ("place_help", "question_mark", "help of these keys"),
        mode=KeyMode.PLACE,
    ),
    *_rows(
        KeyGroup.PLACE,
        ("place_type", "0 1 2 3 4 5 6 7 8 9 full_stop", "type a price"),
        ("place_erase", "backspace", "take back the last digit"),
        mode=KeyMode.PLACE,
        fixed=True,
    ),
    *_rows(
        KeyGroup.CROSSHAIR,
        ("crosshair_up", "up k", "one chart row up"),
        ("crosshair_down", "down j", "one chart row down"),
        ("crosshair_left", "left h", "one candle earlier"),
        ("crosshair_right", "right l", "one candle later"),
        ("crosshair_up_far", "K shift+up", "10 chart rows up"),
        ("crosshair_down_far", "J shift+down", "10 chart rows down"),
        ("crosshair_left_far", "H shift+left", "10 candles earlier"),
        ("crosshair_right_far", "L shift+right", "10 candles later"),
        ("crosshair_snap", "x", "snap to the nearest of the candle's open, high, low and close"),
        ("crosshair_place", "enter", "place a level there"),
        ("crosshair_note", "n", "pin a note at that candle"),
        ("crosshair_leave", "escape", "leave"),
        ("crosshair_help", "question_mark", "help of these keys"),
        mode=KeyMode.CROSSHAIR,
    ),
    *_rows(
        KeyGroup.INPUT,
        ("input_accept", "enter", "take what is typed"),
        ("input_cancel", "escape", "leave without a change"),
        mode=KeyMode.INPUT,
        fixed=True,
    ),
)
