"""The thread that folds a recording and publishes finished pictures; calls of the desk return at once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from math import isinf
from typing import TypeVar

from crashdesk.model.basket import Baskets
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.errors import RecordingError
from crashdesk.model.level import Level
from crashdesk.model.ports import Source
from crashdesk.model.records import Note
from crashdesk.model.timeframe import Timeframe
from crashdesk.playback.transport import Transport
from crashdesk.session.picture import Focus, PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.scrub import Scrubber, event_times
from crashdesk.session.state import MarketState
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode

T = TypeVar("T")
FRAME_S = 0.05
_SLICE_S = 0.03
_JUMP_SPEED = 600.0
_JUMP_MS = 3 * CHUNK_MS


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conductor starts: `at_ms` None follows the end of a growing recording, else a replay from there."""

    focus: Focus
    at_ms: int | None = None
    speed: float = 1.0
    playing: bool = True


def monotonic_ms() -> int:
    """The clock of a replay."""
    return time.monotonic_ns() // 1_000_000


class Conductor:
    """Owns the recording and the state on a thread of its own.

    `open_source` is called until it gives a source: None means that there is no recording yet. A RecordingError from it
    is handed to `failed` and ends the thread.
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
        self._maker = PictureMaker()
        self._scrubber = Scrubber()
        self._publish: Callable[[DeskView], None] = lambda view: None
        self._levels: tuple[Level, ...] = ()
        self._notes: tuple[Note, ...] = ()
        self._player: Player | None = None
        self._transport: Transport | None = None
        self._shown: tuple[object, ...] = ()

    # --- calls of the desk, from any thread

    def start(self, publish: Callable[[DeskView], None]) -> None:
        """Begin to fold; `publish` gets every new picture, on the conductor's thread."""
        self._publish = publish
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _call(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        self._wake.set()

    def select_symbol(self, symbol: str) -> None:
        """Make `symbol` the desk's symbol."""
        self._call(lambda: self._look(replace(self._focus, symbol=symbol)))

    def select_timeframe(self, timeframe: Timeframe) -> None:
        """The timeframe of the chart."""
        self._call(lambda: self._look(replace(self._focus, timeframe=timeframe)))

    def select_weights(self, mode: WeightMode) -> None:
        """The weights of sector members."""
        self._call(lambda: self._look(replace(self._focus, weights=mode)))

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """The trader's own levels, all of them."""
        self._call(lambda: self._own(levels, self._notes))

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """The trader's own notes of this recording, all of them."""
        self._call(lambda: self._own(self._levels, notes))

    def toggle_play(self) -> None:
        """Pause or play."""
        self._call(self._toggle)

    def change_speed(self, steps: int) -> None:
        """Faster or slower by rungs of the ladder."""
        self._call(lambda: self._speed(lambda t: t.stepped_speed(steps)))

    def set_speed(self, speed: float) -> None:
        """A speed by its factor."""
        self._call(lambda: self._speed(lambda t: speed))

    def seek(self, at_ms: int) -> None:
        """Jump to a time."""
        self._call(lambda: self._jump(at_ms))

    def move(self, delta_ms: int) -> None:
        """Jump by a span."""
        self._call(lambda: self._jump(self._position() + delta_ms))

    def step_frames(self, count: int) -> None:
        """Snapshots on or back, and pause."""
        self._call(lambda: self._step(count))

    def step_event(self, direction: int) -> None:
        """To the next or previous event."""
        self._call(lambda: self._step_event(direction))

    def to_end(self) -> None:
        """The last moment of the recording."""
        self._call(lambda: self._jump(self._transport.end_ms if self._transport else 0))

    def ask(self, question: Callable[[MarketState], T]) -> Future[T]:
        """Run a question against the state between two batches; it fails with RecordingError before there is one."""
        future: Future[T] = Future()

        def answer() -> None:
            if self._player is None:
                future.set_exception(RecordingError("there is no data yet: wait for the first prices"))
                return
            try:
                future.set_result(question(self._player.state))
            except Exception as error:  # noqa: BLE001 - the asker gets it, the thread goes on
                future.set_exception(error)

        self._call(answer)
        return future

    # --- on the thread

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                busy = self._turn()
                self._wake.wait(0.002 if busy else FRAME_S)
                self._wake.clear()
        except RecordingError as error:
            self._failed(str(error))

    def _turn(self) -> bool:
        """One turn: calls, folding, a picture. True when there is more to fold at once."""
        if self._player is None and not self._open():
            return False
        while True:
            try:
                self._calls.get_nowait()()
            except queue.Empty:
                break
        busy = not self._fold()
        self._show()
        return busy

    def _open(self) -> bool:
        source = self._open_source()
        if source is None:
            return False
        player = Player(source, self._baskets)
        player.set_levels(self._levels)
        player.set_notes(self._notes)
        opening = self._opening
        if opening.at_ms is None:
            player.seek(source.end_ms)
        else:
            now = self._clock()
            made = Transport(source.start_ms, source.end_ms, source.start_ms, now, opening.speed).seek(
                now, opening.at_ms
            )
            player.seek(made.anchor_ms)
            # the clock of the replay starts when the first picture can be shown
            self._transport = replace(made, since_ms=self._clock(), playing=opening.playing)
        self._player = player
        return True

    def _fold(self) -> bool:
        player, transport = self._player, self._transport
        if player is None:
            return True
        if transport is None:
            return player.follow(_SLICE_S)
        if not transport.playing:
            return True
        target = transport.position(self._clock())
        if not isinf(transport.speed) and transport.speed > _JUMP_SPEED and target - player.state.now_ms > _JUMP_MS:
            player.seek(target)
        done = player.play_to(target, _SLICE_S)
        if done and target >= transport.end_ms:
            self._transport = transport.pause(self._clock(), transport.end_ms)
        return done

    def _position(self) -> int:
        if self._transport is None:
            return self._player.state.now_ms if self._player else 0
        behind = self._player is not None and isinf(self._transport.speed) and self._transport.playing
        return self._player.state.now_ms if behind and self._player else self._transport.position(self._clock())

    def _look(self, focus: Focus) -> None:
        self._focus = focus
        self._shown = ()

    def _own(self, levels: tuple[Level, ...], notes: tuple[Note, ...]) -> None:
        self._levels, self._notes = levels, notes
        self._shown = ()
        if self._player is not None:
            self._player.set_levels(levels)
            self._player.set_notes(notes)

    def _toggle(self) -> None:
        if self._transport is None:
            return
        clock, at = self._clock(), self._position()
        if self._transport.playing:
            self._transport = self._transport.pause(clock, at)
        else:
            self._transport = self._transport.play(clock)
        self._catch_up()

    def _speed(self, pick: Callable[[Transport], float]) -> None:
        if self._transport is not None:
            self._transport = self._transport.with_speed(self._clock(), pick(self._transport), self._position())

    def _jump(self, at_ms: int) -> None:
        if self._transport is not None:
            self._transport = self._transport.seek(self._clock(), at_ms)
            self._catch_up()

    def _catch_up(self) -> None:
        if self._player is not None and self._transport is not None:
            at_ms = self._transport.anchor_ms
            if at_ms < self._player.state.now_ms or at_ms - self._player.state.now_ms > _JUMP_MS:
                self._player.seek(at_ms)
            self._player.play_to(at_ms)
            self._transport = replace(self._transport, since_ms=self._clock())

    def _step(self, count: int) -> None:
        if self._transport is None or self._player is None:
            return
        self._transport = self._transport.pause(self._clock(), self._position())
        for _ in range(abs(count)):
            at = self._player.quote_time_after() if count > 0 else self._player.quote_time_before()
            if at is not None:
                self._jump(at)

    def _step_event(self, direction: int) -> None:
        if self._transport is None or self._player is None:
            return
        here = self._player.state.now_ms
        times = event_times(self._player.source, here)
        if direction > 0:
            at = min((t for t in times if t > here), default=None)
        else:
            at = max((t for t in times if t < here), default=None)
        if at is not None:
            self._jump(at)

    def _transport_view(self) -> TransportView:
        state = self._player.state if self._player else None
        now = state.now_ms if state else 0
        transport = self._transport
        if transport is None:
            start = state.start_ms if state else 0
            return TransportView(Mode.LIVE, True, False, 1.0, start, now, now)  # noqa: FBT003
        ended = now >= transport.end_ms
        return TransportView(
            Mode.REPLAY, transport.playing, ended, transport.speed, transport.start_ms, transport.end_ms, now
        )

    def _show(self) -> None:
        player = self._player
        if player is None:
            return
        state = player.state
        transport = self._transport_view()
        stamp = (id(state), state.seq, state.now_ms, transport, self._focus, self._scrubber.revision)
        if stamp == self._shown:
            return
        first = not self._shown
        scrubber: ScrubberView = self._scrubber.view(player.source, transport, empty=first)
        self._shown = stamp if not first else ("again",)
        self._publish(self._maker.view(state, self._focus, transport, scrubber))
