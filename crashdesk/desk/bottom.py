"""The bottom line: hints of keys, the line that is being typed, or alerts that have just gone off."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from rich.style import Style
from textual import events
from textual.strip import Strip

from crashdesk.config.key_names import show_key
from crashdesk.config.keymap import Keymap
from crashdesk.desk.cells import BarCell, Form, fit_cells
from crashdesk.desk.figures import with_minus
from crashdesk.desk.hints import ALWAYS, ANYTIME, EVERYWHERE, MODES, MORE_HINTS, PANE_HINTS, REPLAY, Hint
from crashdesk.desk.line import Line, clip, width_of
from crashdesk.desk.line_pane import LineWidget
from crashdesk.desk.look import Look
from crashdesk.desk.prompt import Prompt


class Spot(NamedTuple):
    """A key that is told of, and the cell of the line (or of its hint) at which it begins."""

    start: int
    action_id: str


class _Hinted(NamedTuple):
    """A hint as it is drawn, and the keys in it."""

    form: Form
    spots: tuple[Spot, ...]


@runtime_checkable
class Performer(Protocol):
    """The app that does what actions say."""

    def perform(self, action_id: str) -> None:
        """Run an action of the keymap by its id."""
        ...


class BottomBar(LineWidget):
    """Hints for the focused pane first, then what works everywhere; while something is typed, that."""

    def __init__(self, look: Look, keymap: Keymap) -> None:
        super().__init__(look, id="bottom")
        self.prompt: Prompt | None = None
        self._keys = {action.id: action.keys for action in keymap.actions}
        self._pane = "tickers"
        self._replay = False
        self._alerts: tuple[str, ...] = ()
        self._replayed = False
        self._spots: list[Spot] = []

    def on_click(self, event: events.Click) -> None:
        """A click on a hint does what its key does."""
        event.stop()
        spot = next((spot for spot in reversed(self._spots) if spot.start <= event.x), None)
        if spot is not None and isinstance(self.app, Performer):
            self.app.perform(spot.action_id)

    def show_for(self, pane: str, *, replay: bool) -> None:
        """Whose hints: a pane's name, `reader` or a mode of the chart."""
        self._pane, self._replay = pane, replay
        self.redraw()

    def leave_out(self, action_ids: Collection[str]) -> None:
        """Actions that this desk has not."""
        self._keys = {action_id: keys for action_id, keys in self._keys.items() if action_id not in action_ids}

    def ask(self, prompt: Prompt | None) -> None:
        """Type a line here, or no more."""
        self.prompt = prompt
        self.redraw()

    def tell(self, alerts: tuple[str, ...], *, replayed: bool) -> None:
        """Alerts in the place of the hints, the newest first; none gives the hints back."""
        self._alerts, self._replayed = alerts, replayed
        self.redraw()

    def lines(self, width: int, height: int) -> list[Strip]:
        """The line; who types or places a level keeps what is needed for that."""
        self._spots = []
        if self.prompt is not None:
            line = self._typed(width)
        else:
            line = self._told(width) if self._alerts and self._pane not in MODES else self._hints(width)
        return [line.strip(self.look.palette.bar)] * height

    def _told(self, width: int) -> Line:
        palette, line = self.look.palette, Line(width)
        newest, more = self._alerts[0], len(self._alerts) - 1
        tail = f"  +{more} more, :alerts" if more else ""
        words = " replayed alert " if self._replayed else " ALERT "
        line.put(words, palette.chip_replay if self._replayed else palette.chip_label)
        line.space(1, palette.bar)
        room = max(line.room - len(tail), line.room // 2)
        line.put(clip(with_minus(newest, self.look.glyphs), room, self.look.glyphs.ellipsis), palette.bar_strong)
        line.put(tail, palette.bar_muted)
        return line

    def _hints(self, width: int) -> Line:
        palette, line = self.look.palette, Line(width)
        groups = [(1, PANE_HINTS.get(self._pane, ())), (4, MORE_HINTS.get(self._pane, ()))]
        if self._pane not in {"reader", *MODES}:
            replay = [(2, REPLAY)] if self._replay else []
            groups = [(0, EVERYWHERE), *groups, *replay, (3, ANYTIME), (0, ALWAYS)]
        hinted = [(rank, hint) for rank, hints in groups for hint in self._hinted(hints)]
        spots = {id(hint.form): hint.spots for _, hint in hinted}
        line.space(1, palette.bar)
        for place, form in enumerate(fit_cells([BarCell(rank, (hint.form,)) for rank, hint in hinted], width - 2, 2)):
            line.space(2 if place else 0, palette.bar)
            self._spots += [Spot(line.used + start, action_id) for start, action_id in spots[id(form)]]
            line.pieces(form)
        return line

    def _hinted(self, hints: Sequence[Hint]) -> list[_Hinted]:
        """Keys and words; an action without a word lends its key to the next one."""
        palette = self.look.palette
        hinted: list[_Hinted] = []
        lent, spots = "", list[Spot]()
        for action_id, word in hints:
            keys = self._keys.get(action_id, ())
            key = "0-9" if action_id == "place_type" else show_key(keys[0]) if keys else ""
            spots.append(Spot(width_of(lent), action_id))
            if not word:
                lent += key + " "
                continue
            if key:
                form = ((lent + key, palette.bar_key), (f" {word}", palette.bar_muted))
                hinted.append(_Hinted(form, tuple(spots)))
            lent, spots = "", []
        return hinted

    def _typed(self, width: int) -> Line:
        palette, line, prompt = self.look.palette, Line(width), self.prompt
        if prompt is None:
            return line
        line.put(f" {prompt.asked.label} ", palette.bar_key)
        room = max(4, line.room - 2)
        start = max(0, prompt.at - room + 1)
        text = prompt.text[start:]
        at = prompt.at - start
        for place, character in enumerate((text + " ")[: room * 2]):
            style = palette.bar + Style(reverse=True) if place == at else palette.bar_strong
            if not line.put(character, style):
                break
        return line
