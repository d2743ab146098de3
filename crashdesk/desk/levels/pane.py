"""Pane 5: the levels around the last price."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from textual.strip import Strip

from crashdesk.desk.empty import said
from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.changes import change_words
from crashdesk.desk.levels.detail import detail_lines
from crashdesk.desk.levels.ladder import Columns, fit_columns, ladder_line, last_line
from crashdesk.desk.levels.rungs import Rung, index_of, level_key, rungs_of, seen_range
from crashdesk.desk.levels.words import brief_name, level_price, state_words
from crashdesk.desk.line import Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import Say
from crashdesk.desk.scroll import step_of
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.found import FOUND
from crashdesk.session.level_views import LadderView, LevelRow
from crashdesk.session.views import DeskView

LADDER = 7
"""Rows that three levels above the last price and three below it take."""
DETAIL = 3
"""At most so many rows tell more about the chosen level, or about the nearest one."""

Drawn = tuple[tuple[object, ...], Strip]
"""What a line is made of, and the line."""


class LevelsPane(LinePane):
    """The ladder with a cursor; edit, delete, undo and redo for the trader's own levels."""

    number = 5
    name_shown = "Levels"

    def __init__(self, look: Look, keeper: LevelKeeper, edit: Callable[[str], None]) -> None:
        super().__init__(look, id="levels")
        self._keeper = keeper
        self._edit = edit
        self._view: LadderView | None = None
        self._rungs: list[Rung] = []
        self._now_ms = 0
        self._cursor: tuple[object, ...] | None = None
        self._seen = range(0)
        self._drawn: dict[tuple[object, ...], Drawn] = {}
        self._known: dict[tuple[object, ...], Drawn] = {}

    def show(self, view: DeskView) -> None:
        """Take the ladder."""
        ladder = view.ladder
        if ladder is self._view and view.now_ms // MINUTE_MS == self._now_ms // MINUTE_MS:
            return
        if self._view is not None and self._view.symbol != ladder.symbol:
            self._cursor = None
        self._view, self._now_ms, self._rungs = ladder, view.now_ms, rungs_of(ladder)
        self.redraw()

    @property
    def chosen(self) -> LevelRow | None:
        """The level under the cursor."""
        place = index_of(self._rungs, self._cursor)
        return self._rungs[place] if place is not None else None

    def pane_key(self, action_id: str) -> bool:
        """Move the cursor; edit, delete, undo, redo."""
        match action_id:
            case "level_edit" | "level_delete" | "choose" | "undo" | "redo" if self._keeper.refused():
                pass
            case "level_edit" | "level_delete":
                self._change(action_id)
            case "choose":
                self._take()
            case "undo":
                self._again("undo", "undone", self._keeper.undo)
            case "redo":
                self._again("redo", "done again", self._keeper.redo)
            case _:
                return self._move(action_id)
        return True

    def choose(self, level_id: str) -> None:
        """Put the cursor on one of the trader's own levels."""
        self._cursor = (level_id,)
        self.redraw()

    def click_cell(self, _x: int, y: int, *, double: bool) -> None:
        """Move the cursor to the level that was clicked; twice edits it."""
        if y < len(self._seen):
            rung = self._rungs[self._seen[y]]
            if rung is not None:
                self._cursor = level_key(rung)
                self.redraw()
                if double:
                    self.pane_key("level_edit")

    def caption(self) -> Sequence[Piece]:
        """The symbol."""
        return ((f"{self._view.symbol} ", self.look.palette.muted),) if self._view is not None else ()

    def foot(self) -> Sequence[Piece]:
        """How many levels are out of sight."""
        above, below = self._seen.start, len(self._rungs) - self._seen.stop
        if above <= 0 and below <= 0:
            return ()
        glyphs = self.look.glyphs
        words = [f"{glyphs.rise} {above} above"] * (above > 0) + [f"{glyphs.fall} {below} below"] * (below > 0)
        return ((f" {', '.join(words)} ", self.look.palette.muted),)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The rungs that fit, around the last price."""
        view, palette = self._view, self.look.palette
        if view is None or not view.rows:
            self._seen = range(0)
            return self._nothing(width, height, view)
        cursor = index_of(self._rungs, self._cursor)
        told = self.chosen or self._nearest()
        below = 0 if told is None else max(0, min(DETAIL, height - LADDER))
        height -= below
        centre = next((i for i, rung in enumerate(self._rungs) if rung is None), 0)
        self._seen = seen_range(len(self._rungs), height, centre, cursor)
        columns = fit_columns(view, width, self._now_ms, self.look)
        drawn = []
        self._known, self._drawn = self._drawn, {}
        for place in self._seen:
            rung = self._rungs[place]
            if rung is None:
                drawn.append(last_line(view, columns, width, self.look).strip(palette.blank))
                continue
            over = None
            if place == cursor:
                over = palette.cursor if self.has_focus else palette.cursor_away
            drawn.append(self._line(rung, view, columns, width, over))
        if told is not None and below:
            drawn += [Strip.blank(width, palette.blank)] * (height - len(drawn))
            drawn += detail_lines(told, view.price_decimals, width, below, self._now_ms, self.look)
        return drawn

    def _line(self, rung: LevelRow, view: LadderView, columns: Columns, width: int, over: Style | None) -> Strip:
        """The line of a level; the very same one while it says the same."""
        words = state_words(rung, self._now_ms, self.look.zone)
        made_of = (rung, view.price_decimals, columns, width, words, over, self.look)
        known = self._known.get(level_key(rung))
        if known is None or known[0] != made_of:
            line = ladder_line(rung, view, columns, width, self._now_ms, self.look)
            known = (made_of, line.strip(self.look.palette.blank, over))
        self._drawn[level_key(rung)] = known
        return known[1]

    def _nearest(self) -> LevelRow | None:
        """The level nearest to the last price."""
        levels = [rung for rung in self._rungs if rung is not None and rung.distance_pct is not None]
        return min(levels, key=lambda level: abs(level.distance_pct or 0.0), default=None)

    def _move(self, action_id: str) -> bool:
        """Up and down over the levels; the first move goes to the level nearest to the last price."""
        levels = [rung for rung in self._rungs if rung is not None]
        step = step_of(action_id, len(levels), self.body_size[1] - 1)
        if step is None:
            return False
        if not levels:
            return True
        at = index_of(levels, self._cursor)
        if at is None:
            under = next((i for i, rung in enumerate(self._rungs) if rung is None), 0)
            at = under if step < 0 else under - 1
        self._cursor = level_key(levels[max(0, min(at + step, len(levels) - 1))])
        self.redraw()
        return True

    def _again(self, verb: str, done: str, act: Callable[[], bool]) -> None:
        before = self._keeper.book.levels
        symbol = self._view.symbol if self._view is not None else ""
        if act():
            self.post_message(Say(f"{done}: {change_words(before, self._keeper.book.levels, symbol)}"))
        else:
            self.post_message(Say(f"nothing to {verb}"))

    def _change(self, action_id: str) -> None:
        level = self.chosen
        if level is None:
            self.post_message(Say("choose a level first (up and down)"))
        elif level.id is None:
            self.post_message(
                Say("only your own levels can be changed; `a` places one, Enter on a found one makes it yours")
            )
        elif action_id == "level_edit":
            self._edit(level.id)
        else:
            before = self._keeper.book.levels
            if self._keeper.delete(level.id):
                words = change_words(before, self._keeper.book.levels, level.symbol)
                self.post_message(Say(f"{words}; undo brings it back"))

    def _take(self) -> None:
        """Edit an own level; make a found one the trader's own, where it is."""
        level, view = self.chosen, self._view
        if level is None or view is None or level.source != FOUND or level.kind is LevelKind.AVERAGE:
            self._change("level_edit")
            return
        price = round(level.price, view.price_decimals)
        label = "" if level.kind is LevelKind.ROUND else brief_name(level)
        own = Level(self._keeper.new_id(), level.symbol, price, level.kind, label, self._now_ms, self._now_ms)
        self._keeper.put(own)
        self.choose(own.id)
        self.post_message(
            Say(f"{level_price(level, view.price_decimals)} is your own level now; {self.key('level_edit')} edits it")
        )

    def _nothing(self, width: int, height: int, view: LadderView | None) -> list[Strip]:
        if view is None:
            return said("waiting for the first prices", width, height, self.look)
        words = f"no levels of {view.symbol} yet: {self.key('level_place')} places one"
        return said(words, width, height, self.look)
