"""`crashdesk record --alerts`: a thread that reads what the recorder writes, as a desk does, and tells its alerts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from crashdesk.cli.context import Context
from crashdesk.cli.messages import cannot_send, make_messenger
from crashdesk.config.alert_settings import level_rule
from crashdesk.config.level_store import LevelStore
from crashdesk.model.basket import Baskets
from crashdesk.model.errors import CrashdeskError, RecordingError
from crashdesk.model.level import Level
from crashdesk.model.records import Batch, Quote
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc
from crashdesk.outside.notify import BELL, AlertCall, CommandRunner, notification
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.alert_candles import CandleWishes, candles_wanted
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.following import follow
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from crashdesk.venues.control_client import control_path, send_command

_SLICE_S = 0.01
_BREATH_S = 0.01
"""The recorder shares the processor's one interpreter: what it writes is read in small slices with pauses."""
_PAUSE_S = 0.25
_LEVELS_S = 1.0
_START_S = 30.0
_STOP_S = 10.0


class AlertTeller:
    """Writes each alert as a line on standard output; rings and notifies where that is a terminal; runs and sends."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._terminal = context.stdout.isatty()
        self._runner = CommandRunner(context.environment, context.say)
        self._messenger = make_messenger(context, context.say)
        for problem in cannot_send(context):
            context.say(str(problem))

    def tell(self, raised: Raised) -> None:
        """One alert."""
        out, rule = self._context.stdout, raised.rule
        aloud = raised.aloud(self._context.clock.now_ms())
        if self._context.stderr.isatty():
            # the line of the recorder's progress makes room
            self._context.stderr.write("\r\x1b[K")
            self._context.stderr.flush()
        line = f"{format_utc(raised.ts_ms)}  {rule.name}: {raised.text}\n"
        if aloud and self._terminal:
            line += BELL if rule.bell else ""
            line += notification(rule.notify, "crashdesk", raised.text, self._context.environment)
        out.write(line)
        out.flush()
        if aloud:
            call = AlertCall(rule, raised.ts_ms, raised.text)
            self._runner.run(call)
            if self._messenger is not None:
                self._messenger.send(call)

    def close(self) -> None:
        """Send what still waits to be sent; say what could not be."""
        for sentence in self._messenger.close() if self._messenger is not None else ():
            self._context.say(sentence)


class AlertWatch:
    """Follows one recording from its end on. What was there before `start` has returned raises nothing."""

    def __init__(self, context: Context, recording: Path, baskets: Baskets, tell: Callable[[Raised], None]) -> None:
        self._context = context
        self._recording = recording
        self._baskets = baskets
        self._store = LevelStore(context.paths.levels_file, context.clock.now_ms)
        self._levels: tuple[Level, ...] = ()
        self._wishes = CandleWishes()
        self._answering = False
        rules, symbol = context.settings.alerts, context.settings.desk.symbol
        self._book = AlertBook(rules, replayed=False, tell=tell, symbol=symbol)
        self._player: Player | None = None
        self._begun = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin; returns when the recording, if there is one already, is read to its end."""
        self._thread.start()
        self._begun.wait(_START_S)

    def stop(self) -> None:
        """Tell what was written to the end, and end."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        try:
            self._take_levels(*self._store.load())
            self._open()
            self._begun.set()
            self._follow()
        except RecordingError as error:
            self._context.say(f"no more alerts: {error}")
        except Exception as error:  # noqa: BLE001 - the recorder goes on, and it is said that nobody watches
            self._context.say(f"no more alerts, an error of the program: {type(error).__name__}: {error}")
        finally:
            self._begun.set()
            if self._player is not None:
                self._player.source.close()

    def _follow(self) -> None:
        turns = 0
        while True:
            last = self._stopping.is_set()
            if self._player is None:
                self._open()
            done = self._player is None or follow(self._player, _SLICE_S, self._book, self._see)
            if last and done:
                return
            turns += 1
            if turns % round(_LEVELS_S / _PAUSE_S) == 0:
                self._look_at_levels()
                self._ask_for_candles()
            self._stopping.wait(_PAUSE_S if done and not last else _BREATH_S)

    def _open(self) -> None:
        try:
            reader = RecordingReader.open(self._recording)
        except RecordingError:
            return  # not there yet: what is no recording of ours is refused by the one that writes
        polls = {venue.name: round(venue.poll_seconds * 1000) for venue in self._context.settings.venues}
        player = Player(reader, self._baskets, polls)
        self._player = player
        player.set_levels(self._levels)
        player.seek(reader.end_ms)
        self._book.settle(player.state)

    def _see(self, state: MarketState, batch: Batch) -> None:
        self._answering = self._answering or bool(batch.records and isinstance(batch.records[0], Quote))
        self._book.see(state, batch)

    def _look_at_levels(self) -> None:
        news = self._store.look()
        if news is not None:
            self._take_levels(news.levels, news.warnings)

    def _take_levels(self, levels: tuple[Level, ...], problems: Sequence[object]) -> None:
        for problem in problems:
            self._context.say(str(problem))
        rules, known = self._context.settings.alerts, {level.alert for level in self._levels}
        for name in sorted({level.alert for level in levels} - known - {""}):
            if level_rule(name, rules) is None:
                self._context.say(f"levels name the alert {clean(name, 40)!r}: no alert of levels is on by that name")
        self._levels = levels
        if self._player is not None:
            self._player.set_levels(levels)

    def _ask_for_candles(self) -> None:
        """Closes of every level's timeframe, and prices of symbols that nobody polls yet."""
        if not self._answering or self._player is None:
            return  # the worker has no ear before it has a venue
        state, rules = self._player.state, self._context.settings.alerts
        wanted = candles_wanted(self._levels, rules, lambda symbol: state.price_key(symbol) is not None)
        due = self._wishes.due(wanted, frozenset(), state.now_ms)
        for want in due.new | due.again:
            try:
                send_command(control_path(self._context.paths.runtime_dir, self._recording), want)
            except CrashdeskError as error:
                if want in due.new:
                    self._context.say(f"no candles of {want.symbol} for your levels: {error}")
