"""Chart and ladder in an app of their own, with what they said and asked for."""

from __future__ import annotations

import itertools

from textual.app import App, ComposeResult
from textual.events import MouseMove

from crashdesk.desk.chart.messages import ChartModeChanged, ChooseTimeframe
from crashdesk.desk.chart.pane import ChartPane
from crashdesk.desk.chart.ports import ChartPorts
from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.desk.levels.pane import LevelsPane
from crashdesk.desk.messages import AskLine, Say
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import LevelEdit
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.level_views import LadderView
from crashdesk.session.views import DeskView
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view

MINE = Level("L1", "BTC/USDT", 105_000.0, LevelKind.LINE, "line", NOW_MS - DAY_MS, NOW_MS - DAY_MS)


class PanesApp(App[None]):
    CSS = "Screen { layout: horizontal; } #chart { width: 2fr; } #levels { width: 1fr; }"

    def __init__(self, *, plain_ascii: bool = False, colour: bool = True) -> None:
        super().__init__()
        numbers = itertools.count()
        self.saved: list[tuple[Level, ...]] = []
        keeper = LevelKeeper(LevelBook([MINE]), self._changed, lambda: NOW_MS, lambda: f"new{next(numbers)}")
        look = sample_look(plain_ascii=plain_ascii, colour=colour)
        self.heard: list[object] = []
        ports = ChartPorts(self.ask, lambda level_id: self.heard.append(("kept", level_id)), ("loud",))
        self.chart = ChartPane(look, keeper, ports)
        self.levels = LevelsPane(look, keeper, lambda level_id: self.heard.append(("edit", level_id)))
        self.asked: AskLine | None = None

    def _changed(self, _edit: LevelEdit, levels: tuple[Level, ...]) -> None:
        self.saved.append(levels)

    def compose(self) -> ComposeResult:
        yield self.chart
        yield self.levels

    def show(self, view: DeskView) -> None:
        self.chart.show(view)
        self.levels.show(view)

    def text(self, pane: ChartPane | LevelsPane) -> str:
        return "\n".join(strip.text for strip in pane.lines(*pane.size))

    def on_choose_timeframe(self, message: ChooseTimeframe) -> None:
        self.heard.append((message.symbol, message.timeframe))

    def on_chart_mode_changed(self, _message: ChartModeChanged) -> None:
        self.heard.append(("mode", str(self.chart.key_mode)))

    def on_say(self, message: Say) -> None:
        self.heard.append(("say", message.text))

    def ask(self, asked: AskLine) -> None:
        self.asked = asked


def own_ladder() -> LadderView:
    """The sample's ladder with the level that is in the book."""
    ladder = desk_view().ladder
    rows = [row._replace(id="L1") if row.price == MINE.price else row for row in ladder.rows]
    return ladder._replace(rows=tuple(rows))


def mouse_at(pane: ChartPane, x: int, y: int) -> MouseMove:
    """The mouse moved there with its button pressed."""
    return MouseMove(pane, x, y, 0, 1, 1, False, False, False, pane.region.x + x, pane.region.y + y)
