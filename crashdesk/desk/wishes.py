"""What the user wants by name: another symbol or timeframe, a level at a price, the commands of the command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING, TypeVar

from crashdesk.desk.errands import Errands
from crashdesk.desk.figures import age, clock, hour_minute, month_day
from crashdesk.desk.messages import AskLine
from crashdesk.desk.ports import DeskPorts
from crashdesk.desk.prices import written_price
from crashdesk.desk.tickers.markets import Markets
from crashdesk.desk.timeline.notes import new_note_id
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol, WantCandles
from crashdesk.model.kinds import Precision
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.marks import Note
from crashdesk.model.note import NoteKind
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.desklink import DeskLink

if TYPE_CHECKING:
    from crashdesk.config.alert_settings import AlertSettings
    from crashdesk.desk.app import CrashDesk
    from crashdesk.desk.command_line import CommandLine, Commands
    from crashdesk.session.alert_candles import CandleWishes
    from crashdesk.session.views import DeskView

NOTE_LIMIT = 300
T = TypeVar("T")


class Wishes:
    """Passes each on to the folding thread and, live, to the worker."""

    def __init__(
        self,
        app: CrashDesk,
        link: DeskLink,
        errands: Errands,
        timeframe: Timeframe,
        ports: DeskPorts,
    ) -> None:
        self._app = app
        self._link = link
        self._errands = errands
        self._timeframe = timeframe
        self._candles: CandleWishes | None = None
        self._live = ports.send_command is not None
        self._markets = Markets(ports.markets, lambda reading: app.run_worker(reading, group="markets"))

    def symbol(self, symbol: str) -> None:
        """Another symbol for chart and levels."""
        self._link.select_symbol(symbol)
        view = self._app.view
        if view is not None and view.second is not None and view.second.symbol == view.symbol != symbol:
            self.second((symbol, view.second.timeframe))
        self._errands.send(WantCandles(symbol, view.timeframe if view else self._timeframe))

    def timeframe(self, symbol: str, timeframe: Timeframe) -> None:
        """Another timeframe for the chart of `symbol`."""
        self._link.select_timeframe(timeframe)
        self._errands.send(WantCandles(symbol, timeframe))

    def chart(self, symbol: str, timeframe: Timeframe) -> None:
        """Another symbol, timeframe or both for the chart."""
        view = self._app.view
        if view is None or symbol != view.symbol:
            self.symbol(symbol)
        if view is None or timeframe != view.timeframe:
            self.timeframe(symbol, timeframe)

    def second(self, second: tuple[str, Timeframe] | None) -> None:
        """The symbol and timeframe of the second chart; None for none."""
        self._link.select_second(second)
        if second is not None:
            self._errands.send(WantCandles(*second))

    def candles(self, rules: Sequence[AlertSettings]) -> None:
        """Asks a worker that works for candles whose closes breach levels that name one of the rules; now and then once
        more for these and those of the charts.
        """
        view = self._app.view
        if view is None or all(row.stale for row in view.tickers):
            return
        from crashdesk.session.alert_candles import CandleWishes, candles_wanted

        if self._candles is None:
            self._candles = CandleWishes()
        quoted = {row.symbol for row in view.tickers}
        wanted = candles_wanted(self._app.keeper.book.levels, rules, quoted.__contains__)
        charts = {
            WantCandles(chart.symbol, chart.timeframe) for chart in (view.chart, view.second) if chart is not None
        }
        due = self._candles.due(wanted, charts, view.now_ms)
        for want in due.new:
            self._errands.send(want)
        for want in due.again:
            self._errands.send_again(want)

    def level(self, price: float) -> None:
        """A plain level of the trader's own on the desk's symbol; one that is there already is chosen."""
        app, view = self._app, self._app.view
        if view is None:
            return
        twin = app.keeper.book.find(view.symbol, price)
        if twin is not None:
            app.desk.levels.choose(twin.id)
            app.say(f"level {written_price(price)} is there already")
            return
        app.keeper.put(Level(app.keeper.new_id(), view.symbol, price, LevelKind.LINE, "", view.now_ms, view.now_ms))

    def note(self, at_ms: int | None = None) -> None:
        """Type a note; it is pinned at `at_ms` (UTC ms), or at the time shown now."""
        app, view = self._app, self._app.view
        if view is None:
            app.warn("no time is shown yet to pin a note at")
            return
        at_ms, look = view.now_ms if at_ms is None else at_ms, app.desk.look
        label = f"note at {month_day(at_ms, look.zone)} {hour_minute(at_ms, look.zone)} {look.zone_name}:"
        app.desk.ask(AskLine(label, lambda text: self._errands.keep_note(at_ms, clean(text, NOTE_LIMIT))))

    def note_text(self, text: str) -> None:
        """Pin a note of that text at the time shown now."""
        view = self._app.view
        if view is None:
            self._app.warn("no time is shown yet to pin a note at")
        else:
            self._errands.keep_note(view.now_ms, clean(text, NOTE_LIMIT))

    def bookmark(self, name: str = "") -> None:
        """A bookmark at the time shown now; without a name it gets a letter."""
        app, view = self._app, self._app.view
        if view is None:
            app.warn("no time is shown yet to bookmark")
            return
        name = clean(name, NOTE_LIMIT) or _free_letter({note.text for note in self._bookmarks()})
        note = Note(new_note_id(), view.now_ms, Precision.MINUTE, NoteKind.BOOKMARK.value, name, "", None)
        self._errands.notes.put(note)
        zone = app.desk.look.zone
        app.say(f"bookmark {name} at {month_day(view.now_ms, zone)} {clock(view.now_ms, zone)}")

    def _bookmarks(self) -> list[Note]:
        return [note for note in self._errands.notes.notes if note.kind == NoteKind.BOOKMARK]

    def loop(self) -> None:
        """The range between the two bookmarks that were set last again and again, or no more."""
        app, view = self._app, self._app.view
        if view is None:
            return
        if view.transport.loop is None and len({note.ts_ms for note in self._bookmarks()[-2:]}) < 2:
            app.say("a loop goes between the last two bookmarks: set two at different times")
            return
        self._link.toggle_loop()

    def part(self, direction: int) -> None:
        """A hundredth of the recording on (+1) or back (-1)."""
        view = self._app.view
        if view is not None:
            self._link.move(direction * max(1, (view.transport.end_ms - view.transport.start_ms) // 100))

    def moved(self, before: DeskView, view: DeskView) -> None:
        """Tell that since the picture before a stretch without data was jumped over, or a step found nothing."""
        if view.transport.missed != before.transport.missed and view.transport.missed[1]:
            self._app.say(view.transport.missed[1])
        span = view.transport.skipped
        if span is not None and span != before.transport.skipped:
            zone = self._app.desk.look.zone
            start, end = (f"{month_day(ms, zone)} {clock(ms, zone)}" for ms in span)
            self._app.say(f"skipped {age(span[1] - span[0])} without data: {start} to {end}")

    def watch(self, command: Command) -> None:
        """One symbol more or less; one that is removed leaves the tickers at once."""
        if isinstance(command, AddSymbol):
            self._app.desk.tickers.listing.removed.add(command.symbol)
        elif isinstance(command, RemoveSymbol):
            self._app.desk.tickers.drop(command.symbol)
        self._errands.send(command)

    def command_line(self, themes: Iterable[tuple[str, str]]) -> CommandLine:
        """What a typed line may mean; `themes` are ids and titles."""
        from crashdesk.desk.command_line import CommandLine

        app = self._app
        return CommandLine(app.keymap, themes, self.commands(), app.desk.look.zone, app.desk.look.zone_name)

    def commands(self) -> Commands:
        """What the command line may do."""
        from crashdesk.desk.command_line import Commands

        app = self._app
        return Commands(
            perform=app.perform,
            symbol=self.symbol,
            find=app.desk.tickers.find,
            chart=self.chart,
            second=self.second,
            theme=app.dresser.choose,
            preview_theme=app.dresser.use,
            layouts=app.furnisher,
            layout=app.furnisher.choose,
            preview_layout=app.furnisher.use,
            seek=self._link.seek,
            speed=self._link.set_speed,
            level=self._kept(self.level),
            bookmark=self._kept(self.bookmark),
            note=self._kept(self.note_text),
            tape=app.desk.liquidations.filter,
            tell=lambda ask: ask(self._link),
            command=self.watch if self._live else None,
            markets=self._markets,
            groups=app.desk.tickers.listing.groups.names,
            group=app.desk.tickers.show_group,
            alerts=app.herald.choices,
        )

    def _kept(self, act: Callable[[T], None]) -> Callable[[T], None]:
        """What keeps something, or the refusal of a desk that keeps nothing."""
        refuse = self._errands.refuse
        return act if refuse is None else lambda _: refuse()


def _free_letter(taken: Collection[str]) -> str:
    """The first letter that no bookmark has; a number when all are taken."""
    return next((letter for letter in ascii_uppercase if letter not in taken), str(len(taken) + 1))
