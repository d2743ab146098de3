"""Pane 5: the levels around the last price."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip

from crashdesk.desk.levels.book import LevelKeeper
from crashdesk.desk.levels.changes import change_words
from crashdesk.desk.levels.ladder import fit_columns, ladder_line, last_line
from crashdesk.desk.levels.rungs import Rung, index_of, level_key, rungs_of, seen_range
from crashdesk.desk.line import Line, Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import Say
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.views import DeskView, LadderView, LevelRow


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
            case "level_edit" | "level_delete":
                self._change(action_id)
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
            return [self._nothing(width, view)]
        cursor = index_of(self._rungs, self._cursor)
        centre = next((i for i, rung in enumerate(self._rungs) if rung is None), 0)
        self._seen = seen_range(len(self._rungs), height, centre, cursor)
        columns = fit_columns(view, width, self._now_ms, self.look)
        drawn = []
        for place in self._seen:
            rung = self._rungs[place]
            if rung is None:
                drawn.append(last_line(view, columns, width, self.look).strip(palette.blank))
                continue
            over = None
            if place == cursor:
                over = palette.cursor if self.has_focus else palette.cursor_away
            line = ladder_line(rung, view, columns, width, self._now_ms, self.look)
            drawn.append(line.strip(palette.blank, over))
        return drawn

    def _move(self, action_id: str) -> bool:
        """Up and down over the levels; the first move goes to the level nearest to the last price."""
        levels = [rung for rung in self._rungs if rung is not None]
        page = max(1, self.body_size[1] - 1)
        many = len(levels)
        steps = {
            "move_up": -1,
            "move_down": 1,
            "page_up": -page,
            "page_down": page,
            "move_first": -many,
            "move_last": many,
        }
        if action_id not in steps:
            return False
        if not levels:
            return True
        step = steps[action_id]
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
            self.post_message(Say("only your own levels can be changed; `a` places one"))
        elif action_id == "level_edit":
            self._edit(level.id)
        else:
            self._keeper.delete(level.id)

    def _nothing(self, width: int, view: LadderView | None) -> Strip:
        words = " no levels yet: `a` places one" if view is not None else " waiting for the first prices"
        line = Line(width)
        line.left(words, width, self.look.palette.muted, self.look.glyphs.ellipsis)
        return line.strip(self.look.palette.blank)
