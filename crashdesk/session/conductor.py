"""The thread that folds a recording and publishes finished pictures; calls of the desk return at once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple, TypeVar

from crashdesk.model.basket import Baskets
from crashdesk.model.errors import RecordingError
from crashdesk.model.level import Level
from crashdesk.model.ports import Source
from crashdesk.model.records import Note
from crashdesk.model.timeframe import Timeframe
from crashdesk.playback.transport import Transport
from crashdesk.session.deck import Deck
from crashdesk.session.picture import Focus, PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.scrub import Scrubber
from crashdesk.session.state import MarketState
from crashdesk.session.views import DeskView, WeightMode

T = TypeVar("T")
FRAME_S = 0.05
_SLICE_S = 0.03
_BREATH_S = 0.002
_RACING_FRAME_S = 0.15
_STOP_S = 5.0


class Opening(NamedTuple):
    """How a conductor starts: `at_ms` None follows the end of a growing recording, else a replay from there."""

    focus: Focus
    at_ms: int | None = None
    speed: float = 1.0
    end_ms: int | None = None
    """Where a replay ends (None: with the last frame)."""


def monotonic_ms() -> int:
    """The clock of a replay."""
    return time.monotonic_ns() // 1_000_000


class Conductor:
    """Owns the recording and the state on a thread of its own.

    `open_source` is called until it gives a source: None means that there is no recording yet. A RecordingError, from
    it or later, is handed to `failed` and ends the thread.
    """

    def __init__(
        self,
        open_source: Callable[[], Source | None],
        baskets: Baskets,
        opening: Opening,
        failed: Callable[[str], None],
        clock: Callable[[], int] = monotonic_ms,
    ) -> None:
        self._open_source = open_source
        self._baskets = baskets
        self._opening = opening
        self._focus = opening.focus
        self._failed = failed
        self._clock = clock
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)
        self._publish: Callable[[DeskView], None] | None = None
        self._maker = PictureMaker()
        self._scrubber = Scrubber()
        self._levels: tuple[Level, ...] = ()
        self._notes: tuple[Note, ...] = ()
        self._deck: Deck | None = None
        self._shown: object = None
        self._shown_at = 0.0

    def start(self, publish: Callable[[DeskView], None]) -> None:
        """Begin to fold; `publish` gets every new picture, on the conductor's thread."""
        self._publish = publish
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_STOP_S)

    def select_symbol(self, symbol: str) -> None:
        """Make `symbol` the desk's symbol."""
        self._call(lambda: self._look(self._focus._replace(symbol=symbol)))

    def select_timeframe(self, timeframe: Timeframe) -> None:
        """The timeframe of the chart."""
        self._call(lambda: self._look(self._focus._replace(timeframe=timeframe)))

    def select_weights(self, mode: WeightMode) -> None:
        """The weights of sector members."""
        self._call(lambda: self._look(self._focus._replace(weights=mode)))

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """The trader's own levels, all of them."""
        self._call(lambda: self._own(levels, self._notes))

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """The trader's own notes of this recording, all of them."""
        self._call(lambda: self._own(self._levels, notes))

    def toggle_play(self) -> None:
        """Pause or play."""
        self._move(Deck.toggle)

    def change_speed(self, steps: int) -> None:
        """Faster or slower by rungs of the ladder."""
        self._move(lambda deck: deck.change_speed(steps))

    def set_speed(self, speed: float) -> None:
        """A speed by its factor."""
        self._move(lambda deck: deck.set_speed(speed))

    def seek(self, at_ms: int) -> None:
        """Jump to a time."""
        self._move(lambda deck: deck.jump(at_ms))

    def move(self, delta_ms: int) -> None:
        """Jump by a span."""
        self._move(lambda deck: deck.move(delta_ms))

    def step_frames(self, count: int) -> None:
        """Snapshots on or back, and pause."""
        self._move(lambda deck: deck.step(count))

    def step_event(self, direction: int) -> None:
        """To the next or previous event."""
        self._move(lambda deck: deck.step_event(direction))

    def to_end(self) -> None:
        """The last moment of the recording."""
        self._move(Deck.to_end)

    def ask(self, question: Callable[[MarketState], T]) -> Future[T]:
        """Run a question against the state between two batches; it fails with RecordingError before there is one."""
        future: Future[T] = Future()

        def answer() -> None:
            if self._deck is None:
                future.set_exception(RecordingError("there is no data yet: wait for the first prices"))
                return
            try:
                future.set_result(question(self._deck.player.state))
            except Exception as error:  # noqa: BLE001 - the asker gets it, the thread goes on
                future.set_exception(error)

        self._call(answer)
        return future

    def _call(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        self._wake.set()

    def _move(self, act: Callable[[Deck], None]) -> None:
        def call() -> None:
            if self._deck is not None:
                act(self._deck)

        self._call(call)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                busy = self._turn()
                self._wake.wait(_BREATH_S if busy else FRAME_S)
                self._wake.clear()
        except RecordingError as error:
            self._failed(str(error))

    def _turn(self) -> bool:
        """One turn: folding, calls, a picture. True when there is more to fold at once."""
        if self._deck is None:
            self._deck = self._open()
        deck = self._deck
        busy = deck is not None and not deck.fold(_SLICE_S)
        while True:
            try:
                self._calls.get_nowait()()
            except queue.Empty:
                break
        # while it races, folding comes first: a picture costs as much as thousands of records
        if deck is not None and not (busy and time.monotonic() - self._shown_at < _RACING_FRAME_S):
            self._show(deck)
        return busy

    def _open(self) -> Deck | None:
        source = self._open_source()
        if source is None:
            return None
        player = Player(source, self._baskets)
        player.set_levels(self._levels)
        player.set_notes(self._notes)
        opening = self._opening
        if opening.at_ms is None:
            player.seek(source.end_ms)
            return Deck(player, None, self._clock)
        end_ms = source.end_ms if opening.end_ms is None else min(opening.end_ms, source.end_ms)
        player.seek(min(max(opening.at_ms, source.start_ms), end_ms))
        # the clock of the replay starts when the first picture can be shown
        now = self._clock()
        transport = Transport(source.start_ms, end_ms, source.start_ms, now, opening.speed).seek(now, opening.at_ms)
        return Deck(player, transport._replace(playing=True), self._clock)

    def _look(self, focus: Focus) -> None:
        self._focus = focus
        self._shown = None

    def _own(self, levels: tuple[Level, ...], notes: tuple[Note, ...]) -> None:
        self._levels, self._notes = levels, notes
        self._shown = None
        if self._deck is not None:
            self._deck.player.set_levels(levels)
            self._deck.player.set_notes(notes)

    def _show(self, deck: Deck) -> None:
        state, transport = deck.player.state, deck.view()
        scrubber = self._scrubber.view(deck.player.source, transport)
        stamp = (id(state), state.seq, state.now_ms, transport, scrubber, self._focus)
        if stamp != self._shown and self._publish is not None:
            self._shown, self._shown_at = stamp, time.monotonic()
            self._publish(self._maker.view(state, self._focus, transport, scrubber))
