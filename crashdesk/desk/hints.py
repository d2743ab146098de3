"""Which keys the bottom line tells of: for each pane and mode, the most wanted first."""

from __future__ import annotations

Hint = tuple[str, str]
"""An action's id and the word that stands for it in the bottom line."""

EVERYWHERE: tuple[Hint, ...] = (("help", "help"), ("palette", "command"))
REPLAY: tuple[Hint, ...] = (
    ("pause", "pause"),
    ("step_back", ""),
    ("step_on", "step"),
    ("event_previous", ""),
    ("event_next", "event"),
    ("slower", ""),
    ("faster", "speed"),
)
ANYTIME: tuple[Hint, ...] = (
    ("level_place", "level"),
    ("note", "note"),
    ("brief", "brief"),
    ("zoom", "zoom"),
)
ALWAYS: tuple[Hint, ...] = (("quit", "quit"),)
PANE_HINTS: dict[str, tuple[Hint, ...]] = {
    "tickers": (("filter", "filter"), ("sort", "sort"), ("choose", "choose")),
    "sectors": (("weights", "weights"), ("choose", "members"), ("clear", "back")),
    "liquidations": (
        ("feed_tabs", "tabs"),
        ("feed_window", "window"),
        ("minimum_size", "size"),
        ("feed_side", "side"),
        ("filter", "filter"),
        ("choose", "choose"),
    ),
    "chart": (
        ("timeframe_next", "timeframe"),
        ("chart_kind", "candles"),
        ("chart_averages", "averages"),
        ("chart_zoom_in", ""),
        ("chart_zoom_out", "zoom"),
        ("crosshair", "crosshair"),
        ("level_trend", "trend line"),
    ),
    "levels": (("choose", "make it mine"), ("level_edit", "edit"), ("level_delete", "delete"), ("undo", "undo")),
    "timeline": (("choose", "go there, read"), ("level_edit", "edit"), ("level_delete", "delete"), ("undo", "undo")),
    "reader": (("move_down", "down"), ("page_down", "page"), ("clear", "close")),
    "place": (
        ("place_up", ""),
        ("place_down", "row"),
        ("place_up_far", ""),
        ("place_down_far", "10 rows"),
        ("place_snap", "snap"),
        ("place_type", "price"),
        ("place_set", "set"),
        ("place_cancel", "leave"),
        ("place_help", "help"),
    ),
    "trend": (
        ("place_up", ""),
        ("place_down", "row"),
        ("place_left", ""),
        ("place_right", "candle"),
        ("place_snap", "snap"),
        ("place_type", "price"),
        ("place_set", "set"),
        ("place_cancel", "back"),
        ("place_help", "help"),
    ),
    "crosshair": (
        ("crosshair_up", ""),
        ("crosshair_down", ""),
        ("crosshair_left", ""),
        ("crosshair_right", "move"),
        ("crosshair_snap", "snap"),
        ("crosshair_place", "level"),
        ("crosshair_note", "note"),
        ("crosshair_leave", "leave"),
        ("crosshair_help", "help"),
    ),
}

MORE_HINTS: dict[str, tuple[Hint, ...]] = {
    "tickers": (("sort_reverse", "reverse"),),
    "liquidations": (("feed_coin", "coin"), ("feed_venue", "venue"), ("clear", "clear")),
    "chart": (
        ("chart_second", "second chart"),
        ("chart_profile", "by price"),
        ("chart_volume", "volume"),
        ("chart_log", "log axis"),
    ),
    "levels": (("redo", "redo"), ("level_trend", "trend line")),
    "timeline": (("redo", "redo"),),
}
"""What of a pane is told where there is room for all else."""

MODES = frozenset({"place", "trend", "crosshair"})
"""Whose hints stand alone: other keys do nothing meanwhile."""
