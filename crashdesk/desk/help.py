"""The help page, made from the keymap in force, the table of commands and what the signs of a pane mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import NamedTuple

from crashdesk.config.actions import Action, KeyGroup
from crashdesk.config.commands import COMMANDS, SYMBOL_USAGE
from crashdesk.config.key_table import show_keys
from crashdesk.config.keymap import Keymap
from crashdesk.desk.hints import MORE_HINTS, PANE_HINTS
from crashdesk.desk.legends import UNBROKEN, everywhere, legend
from crashdesk.desk.line import Piece
from crashdesk.desk.look import Look
from crashdesk.desk.reader import Page

KEYS_WIDTH, WIDE_KEYS = 16, 30
"""Cells of the keys, of the commands."""
_HERE = {
    "tickers": {
        "sort": "sort by the column whose letter is pressed next; the same one again keeps the order live",
        "filter": "filter by name (fuzzy)",
        "choose": "make the row's symbol the desk's symbol: chart and levels",
    },
    "sectors": {
        "choose": "open the sector; on a member: make it the desk's symbol",
        "clear": "back to all sectors",
    },
    "liquidations": {
        "filter": "filter the tape by venue, side, coin and smallest size: okx long btc >100k",
        "choose": "make the row's symbol the desk's symbol; on a venue or size: filter the tape by it",
        "clear": "clear the filter; follow the newest row again",
    },
    "levels": {"choose": "make a level yours that was found or published", "level_edit": "move it, name it"},
    "timeline": {"choose": "in a replay go to that time; again, or live: read all of it"},
}
"""What a general key does in one pane, where that can be said more exactly."""


class HelpFor(NamedTuple):
    """A pane or mode: its name, how it is called in a heading, whether it is a mode, the actions that are its own."""

    name: str
    words: str
    mode: bool
    own: tuple[Action, ...]


def help_for(keymap: Keymap, pane: str, words: str, owned: Iterable[str]) -> HelpFor:
    """Of a pane: the actions that the bottom line tells of, in that order, then the others that it owns."""
    told = [action_id for hints in (PANE_HINTS, MORE_HINTS) for action_id, _ in hints.get(pane, ())]
    own = tuple(keymap.action(action_id) for action_id in dict.fromkeys((*told, *owned)))
    return HelpFor(pane, words, mode=False, own=own)


def help_page(keymap: Keymap, about: HelpFor, width: int, look: Look) -> Page:
    """First the keys of what is in front and what its signs mean, then all keys by group, then what can be typed."""
    palette = look.palette
    page: list[list[Piece]] = [[(f"in this {'mode' if about.mode else 'pane'}: {about.words}", palette.accent)]]
    for action in about.own:
        words = _HERE.get(about.name, {}).get(action.id, action.description)
        page += _rows(show_keys(action), words, KEYS_WIDTH, width, look)
    signs = legend(about.name, look.glyphs)
    for title, told in (("what is shown", signs), ("over and under the panes", everywhere(look.glyphs))):
        if signs:
            page += [[], [(title, palette.accent)]]
            for sign, words in told:
                page += _rows(sign, words, KEYS_WIDTH, width, look)
    for group in KeyGroup:
        page += [[], [(str(group), palette.accent)]]
        for action in keymap.actions:
            if action.group is group:
                page += _rows(show_keys(action), action.description, KEYS_WIDTH, width, look)
    page += [[], [(f"command line (times in {look.zone_name})", palette.accent)]]
    page += _rows(*SYMBOL_USAGE, WIDE_KEYS, width, look)
    for command in COMMANDS:
        page += _rows(command.usage, command.description, WIDE_KEYS, width, look)
    return page


def _rows(keys: str, description: str, column: int, width: int, look: Look) -> Sequence[list[Piece]]:
    """Keys and what they do, folded at words; keys that are longer than their column have a line of their own."""
    palette = look.palette
    column = min(column, width // 3)
    folded = [part.replace(UNBROKEN, " ") for part in wrap(description, max(10, width - column - 3))] or [""]
    heads = [keys, *[""] * (len(folded) - 1)]
    if len(keys) >= column:
        heads, folded = [keys, *[""] * len(folded)], ["", *folded]
    return [
        [(f"  {head:<{column}}", palette.key), (words, palette.text)] for head, words in zip(heads, folded, strict=True)
    ]
