"""The card of the very first start: the keys that matter, as the user has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import events
from textual.strip import Strip

from crashdesk.config.key_names import show_key
from crashdesk.config.keymap import Keymap
from crashdesk.desk.line import Line, Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.welcome import CARD
from crashdesk.session.views import DeskView


class KeyLine(NamedTuple):
    """Actions whose first keys stand in a line of the card, and what is said of them."""

    actions: tuple[str, ...]
    words: str


HELP = KeyLine(("help",), "help of the pane in front: its keys, what its columns mean")
PANES = KeyLine(("focus_tickers", "focus_timeline", "focus_next"), "the panes, by number or one after the other")
FIND = KeyLine(("filter",), "filter the pane: a coin, a venue, a size")
TYPE = KeyLine(("palette",), "everything by name: BTC, LIQ 1h, GO 03:00, theme paper")
REPLAY = KeyLine(("pause", "event_next"), "pause; go to the next event")
LIVE = KeyLine(("level_place",), "place a level of your own; an alert can tell of it")


class WelcomeCard(LinePane):
    """Five lines of keys as the user has them."""

    can_focus = False
    number = 0
    name_shown = "crashdesk"

    def __init__(self, look: Look, keymap: Keymap, close: Callable[[], None], *, replay: bool) -> None:
        super().__init__(look, id=CARD)
        self._keymap = keymap
        self._close = close
        self._told = (HELP, PANES, FIND, TYPE, REPLAY if replay else LIVE)

    def show(self, view: DeskView) -> None:
        """It does not change with the market."""

    def on_click(self, event: events.Click) -> None:
        """A click closes it."""
        event.stop()
        self._close()

    def foot(self) -> Sequence[Piece]:
        """How to be rid of it."""
        return ((" Enter closes; any other key closes this and does its work ", self.look.palette.muted),)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """What is on the screen, then keys and what they do."""
        palette = self.look.palette
        first = Line(width)
        first.put("  How bad, what falls, who is forced out, where it may stop, why.", palette.text)
        drawn = [Line(width), first, Line(width)]
        for told in self._told:
            line = Line(width)
            line.left(f"  {self._keys(told.actions)}", 12, palette.key, self.look.glyphs.ellipsis)
            line.put(told.words, palette.text)
            drawn.append(line)
        return [line.strip(palette.blank) for line in drawn]

    def _keys(self, actions: tuple[str, ...]) -> str:
        """`1-6 Tab`, `Space ]`: the first key of each action that has one."""
        keys = [show_key(found[0]) for found in (self._keymap.action(name).keys for name in actions) if found]
        if actions == PANES.actions and len(keys) == len(actions):
            keys = [f"{keys[0]}-{keys[1]}", *keys[2:]]
        return " ".join(keys)
