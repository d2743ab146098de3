"""An opened recording with everything that makes pictures of it. All on one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crashdesk.model.basket import Baskets
from crashdesk.model.level import FoundLevel, LevelAsk
from crashdesk.model.ports import LevelFinder, Source
from crashdesk.playback.steady_clock import SteadyClock
from crashdesk.playback.transport import Transport
from crashdesk.session.alerts import AlertBook, Raised
from crashdesk.session.deck import Deck
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.picture import PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.scrub import Scrubber
from crashdesk.session.views import DeskView


class Stage:
    """A deck, and the pictures of where it is."""

    def __init__(
        self,
        source: Source,
        baskets: Baskets,
        opening: Opening,
        clock: Callable[[], int],
        raised: Callable[[Raised], None] | None = None,
    ) -> None:
        """Opens at the end of a live recording, or at the opening's time; `raised` gets alerts.

        Raises RecordingError.
        """
        replayed, symbol = opening.at_ms is not None, opening.focus.symbol
        clock = SteadyClock(clock)
        alerts = AlertBook(opening.alerts, replayed=replayed, tell=raised, symbol=symbol)
        self.deck = Deck(Player(source, baskets, dict(opening.poll_ms)), None, clock, alerts)
        self._maker = PictureMaker()
        self._scrubber = Scrubber()
        self._shown: object = None
        if opening.at_ms is None:
            self.deck.player.seek(source.end_ms)
            alerts.settle(self.deck.player.state)
        else:
            self.deck.play_from(_transport(source, opening, clock()), opening.at_ms)

    def close(self) -> None:
        """Close the recording."""
        self.deck.player.source.close()

    def forget(self) -> None:
        """Make the next picture even if nothing moved."""
        self._shown = None

    def find_levels(self, finder: LevelFinder, call: Callable[[Callable[[], None]], None]) -> None:
        """Ask for the key levels that the last picture lacked; `call` brings the answer back to this thread."""
        found = self.deck.player.found
        wishes = found.wishes()

        def take(answers: Sequence[tuple[LevelAsk, tuple[FoundLevel, ...]]]) -> None:
            found.answer(answers)
            self.forget()

        if wishes:
            finder.find(wishes, lambda answers: call(lambda: take(answers)))

    def picture(self, focus: Focus) -> DeskView | None:
        """The picture of this moment; None when it is the one that was made last."""
        state, transport = self.deck.player.state, self.deck.view()
        scrubber = self._scrubber.view(self.deck.player.source, transport, self.deck.player.own.notes)
        alerts = self.deck.alerts.view(state.now_ms)
        stamp = (id(state), state.seq, state.now_ms, transport, scrubber, focus, alerts)
        if stamp == self._shown and not state.tape.unfinished:
            return None
        self._shown = stamp
        return self._maker.view(state, focus, transport, scrubber, alerts)


def _transport(source: Source, opening: Opening, clock_ms: int) -> Transport:
    end_ms = source.end_ms if opening.end_ms is None else min(opening.end_ms, source.end_ms)
    return Transport(source.start_ms, end_ms, source.start_ms, clock_ms, opening.speed)
