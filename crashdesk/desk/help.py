"""The help page, made from the keymap in force."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from crashdesk.config.actions import Action, KeyGroup
from crashdesk.config.key_table import show_keys
from crashdesk.config.keymap import Keymap
from crashdesk.desk.bottom import PANE_HINTS
from crashdesk.desk.line import Piece
from crashdesk.desk.look import Look
from crashdesk.desk.reader import Page
from crashdesk.model.cascade import CascadeSettings, cascade_definition

KEYS_WIDTH = 22
WIDTH = 74
"""Of what is said in sentences."""
_ALSO = {"liquidations": {"feed_coin", "feed_venue"}}
"""Keys of a pane that the bottom line has no room for."""


def help_page(keymap: Keymap, pane: str, look: Look, of_mode: Sequence[Action] = ()) -> Page:
    """The focused pane's keys first (in a mode of the chart its keys, `of_mode`), then all of them by group."""
    palette = look.palette
    of_pane = {hint[0] for hint in PANE_HINTS.get(pane, ())} | _ALSO.get(pane, set())
    own = list(of_mode) or [action for action in keymap.actions if action.id in of_pane]
    page: list[list[Piece]] = []
    if own:
        page += [[(f"in this {'mode' if of_mode else 'pane'}: {pane}", palette.accent)]]
        page += [_row(show_keys(action), action.description, look) for action in own]
        if pane == "tickers":
            page.append(
                _row("s 2, then s 2 again", "sort by the column of that letter; again keeps the order live", look)
            )
        if pane == "liquidations":
            page.append(_row("/ okx long btc >100k", "filter the tape by venue, side, coin and smallest size", look))
            page += [[(f"  {line}", palette.muted)] for line in wrap(cascade_definition(CascadeSettings()), WIDTH)]
        page.append([])
    for group in KeyGroup:
        page.append([(str(group), palette.accent)])
        page += [
            _row(show_keys(action), action.description, look) for action in keymap.actions if action.group is group
        ]
        page.append([])
    page += [
        [("command line", palette.accent)],
        _row("go 14:05", f"to that time; also go -30m, go 50%, go nov 4 03:00 ({look.zone_name})", look),
        _row("speed 60", "replay speed; speed max", look),
        _row("BTC", "that symbol becomes the desk's symbol", look),
        _row("LV 105000", "a level of your own on the desk's symbol", look),
        _row("min 250k", "smallest liquidation on the tape; min 0 shows all", look),
        _row("tape okx long btc", "only these: a venue, a side, a coin, a size such as >100k; tape all", look),
        _row("window 15m", "a liquidation window of your own (1 minute to 24 hours); window 4h, window off", look),
        _row("theme NAME", "other colours", look),
    ]
    return page


def _row(keys: str, description: str, look: Look) -> list[Piece]:
    return [(f"  {keys:<{KEYS_WIDTH}}", look.palette.key), (description, look.palette.text)]
