"""The thread that folds a recording and publishes finished pictures; calls of the desk return at once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from crashdesk.model.errors import RecordingError
from crashdesk.model.level import Level
from crashdesk.model.marks import Note
from crashdesk.model.ports import LevelFinder, Source
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.focus import Focus, Opening, Own
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.replay_calls import ReplayCalls
from crashdesk.session.views import DeskView, WeightMode

if TYPE_CHECKING:
    # what folds is imported by the thread, when the first picture is on the screen
    from crashdesk.model.basket import Baskets
    from crashdesk.session.alerts import Raised
    from crashdesk.session.deck import Deck
    from crashdesk.session.stage import Stage
    from crashdesk.session.state import MarketState

T = TypeVar("T")
FRAME_S = 0.05
SLICE_S = 0.03
_BREATH_S = 0.002
_RACING_FRAME_S = 0.15
_LIVE_FRAME_S = 0.24
"""Live pictures come no faster: more of what trickles in cannot be read, and each costs as much as drawing the desk."""
_STOP_S = 5.0
_PAINT_S = 2.0


def monotonic_ms() -> int:
    """The clock of a replay."""
    return time.monotonic_ns() // 1_000_000


class Conductor(ReplayCalls):
    """Owns the recording and the state on a thread of its own.

    `open_source` is called until it gives a source (None means that there is no recording yet), `baskets` then. A
    RecordingError, from it or later, is handed to `failed` and ends the thread. `pictures` keeps the last picture (of a
    live desk) or the first (of a replay): it is shown at once, and folding waits until it is on the screen (`painted`).
    `raised` gets each alert once, on the conductor's thread, whether or not its picture is shown. What `finder`
    gives is asked for key levels; without it there are none.
    """

    def __init__(
        self,
        open_source: Callable[[], Source | None],
        baskets: Callable[[], Baskets],
        opening: Opening,
        failed: Callable[[str], None],
        pictures: PictureFile | None = None,
        clock: Callable[[], int] = monotonic_ms,
        raised: Callable[[Raised], None] | None = None,
        finder: Callable[[], LevelFinder] | None = None,
    ) -> None:
        self._open_source = open_source
        self._baskets = baskets
        self._opening = opening
        self._focus = opening.focus
        self._failed = failed
        self._clock = clock
        self._raised = raised
        self._finder = finder
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)
        self._publish: Callable[[DeskView], None] | None = None
        self._own = Own()
        self._stage: Stage | None = None
        self._ended = False
        self._shown_at = 0.0
        self._shown = False
        self._pictures = pictures
        self._last: DeskView | None = None
        self._painted = threading.Event()

    def start(self, publish: Callable[[DeskView], None]) -> None:
        """Begin to fold; `publish` gets every new picture, on the conductor's thread (the kept one on the caller's)."""
        self._publish = publish
        kept = self._pictures.load() if self._pictures is not None else None
        if kept is None:
            self._painted.set()
        else:
            publish(self._as_kept(kept))
        self._thread.start()

    def painted(self) -> None:
        """The first picture is on the screen: what it had to wait for may begin."""
        self._painted.set()

    def _as_kept(self, view: DeskView) -> DeskView:
        if self._opening.at_ms is not None:
            return view
        return view._replace(status=view.status._replace(waiting="waiting for the recorder", kept=True))

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

    def select_feed(self, feed: FeedFilter) -> None:
        """Which liquidations the tape shows."""
        self._call(lambda: self._look(self._focus._replace(feed=feed)))

    def select_window(self, name: str) -> None:
        """The liquidation window whose parts are shown."""
        self._call(lambda: self._look(self._focus._replace(window=name)))

    def set_free_window(self, width_ms: int | None) -> None:
        """The width of the free window, None for none."""
        self._call(lambda: self._look(self._focus._replace(free_ms=width_ms)))

    def select_second(self, second: tuple[str, Timeframe] | None) -> None:
        """The symbol and timeframe of the second chart, None for none."""
        self._call(lambda: self._look(self._focus._replace(second=second)))

    def select_columns(self, columns: tuple[str, ...]) -> None:
        """The columns of the tickers."""
        self._call(lambda: self._look(self._focus._replace(columns=columns)))

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """The trader's own levels, all of them."""
        self._call(lambda: self._keep_own(self._own._replace(levels=levels)))

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """The trader's own notes of this recording, all of them."""
        self._call(lambda: self._keep_own(self._own._replace(notes=notes)))

    def set_series(self, series: tuple[DailySeries, ...]) -> None:
        """The trader's own daily series, all of them."""
        self._call(lambda: self._keep_own(self._own._replace(series=series)))

    def ask(self, question: Callable[[MarketState], T]) -> Future[T]:
        """Run a question against the state between two batches; it fails with RecordingError before there is one."""
        future: Future[T] = Future()

        def answer() -> None:
            if self._ended:
                future.set_exception(RecordingError("the recording is no longer read"))
                return
            if self._stage is None:
                future.set_exception(RecordingError("there is no data yet: wait for the first prices"))
                return
            try:
                future.set_result(question(self._stage.deck.player.state))
            except Exception as error:  # noqa: BLE001 - the asker gets it, the thread goes on
                future.set_exception(error)

        self._call(answer)
        return future

    def _call(self, call: Callable[[], None]) -> None:
        if self._ended:
            call()
            return
        self._calls.put(call)
        self._wake.set()

    def _move(self, act: Callable[[Deck], None]) -> None:
        def call() -> None:
            if self._stage is not None and not self._ended:
                act(self._stage.deck)

        self._call(call)

    def _run(self) -> None:
        self._painted.wait(_PAINT_S)
        try:
            while not self._stopping.is_set():
                busy = self._turn()
                self._wake.wait(_BREATH_S if busy else self._pause_s())
                self._wake.clear()
            self._keep()
        except RecordingError as error:
            self._failed(str(error))
        except Exception as error:  # noqa: BLE001 - a desk that stands still without a word is the worst of all
            self._failed(f"the desk's figures stopped at an error of the program: {type(error).__name__}: {error}")
        finally:
            self._end()

    def _pause_s(self) -> float | None:
        """How long nothing needs to be done if nobody calls; None for as long as nobody does."""
        if self._rests():
            return None
        # what comes to a live desk before its next picture may be shown is folded then, all at once, and raises its
        # alerts then
        due_s = self._shown_at + _LIVE_FRAME_S - time.monotonic() if self._opening.at_ms is None else 0.0
        return max(FRAME_S, due_s)

    def _rests(self) -> bool:
        """Whether only a call can bring another picture."""
        return self._stage is not None and self._shown and self._stage.deck.rests

    def _end(self) -> None:
        """Nobody is left waiting for an answer."""
        self._ended = True
        with suppress(queue.Empty):
            while True:
                self._calls.get_nowait()()
        if self._stage is not None:
            self._stage.close()

    def _keep(self) -> None:
        """A live desk keeps its last picture."""
        if self._pictures is not None and self._last is not None and self._opening.at_ms is None:
            self._pictures.save(self._last)

    def _turn(self) -> bool:
        """One turn: folding, calls, a picture. True when there is more to fold at once."""
        if self._stage is None:
            self._stage = self._open()
        stage = self._stage
        busy = stage is not None and not stage.deck.fold(SLICE_S)
        asked = self._answer_calls()
        # while it races, folding comes first: a picture costs as much as thousands of records
        least = _RACING_FRAME_S if busy else 0.0 if asked or self._opening.at_ms is not None else _LIVE_FRAME_S
        if stage is not None and time.monotonic() - self._shown_at >= least:
            self._show(stage)
        return busy

    def _answer_calls(self) -> bool:
        """Do what the desk called for since the last turn; whether there was anything."""
        asked = False
        while True:
            try:
                self._calls.get_nowait()()
            except queue.Empty:
                return asked
            asked = True

    def _open(self) -> Stage | None:
        source = self._open_source()
        if source is None:
            return None
        from crashdesk.session.stage import Stage

        stage = Stage(source, self._baskets(), self._opening, self._clock, self._raised)
        stage.deck.player.set_own(self._own)
        return stage

    def _look(self, focus: Focus) -> None:
        self._focus = focus
        if self._stage is not None:
            self._stage.forget()

    def _keep_own(self, own: Own) -> None:
        self._own = own
        if self._stage is not None:
            self._stage.forget()
            self._stage.deck.player.set_own(own)

    def _show(self, stage: Stage) -> None:
        """Make the picture of now; `_shown` tells that it is the one that was made last."""
        view = stage.picture(self._focus)
        self._shown = view is None
        if view is None or self._publish is None:
            return
        self._shown_at = time.monotonic()
        self._publish(view)
        if self._last is None and self._pictures is not None and self._opening.at_ms is not None:
            self._pictures.save(view)
        if self._finder is not None:
            stage.find_levels(self._finder(), self._call)
        self._last = view
