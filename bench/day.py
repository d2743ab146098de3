"""The scenario's day opened for reading, as the conductor does it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.place import Place
from crashdesk.config.baskets import load_baskets
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.picture import Focus, PictureMaker
from crashdesk.session.player import Player
from crashdesk.session.scrub import overview
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode

FOCUS = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)


@dataclass(slots=True)
class Day:
    """A player on the recording and what makes its pictures."""

    reader: RecordingReader
    player: Player
    maker: PictureMaker = field(default_factory=PictureMaker)
    scrubber: ScrubberView | None = None

    def picture(self, at_ms: int) -> DeskView:
        """Seek and make the complete picture."""
        self.player.seek(at_ms)
        reader, now = self.reader, self.player.state.now_ms
        transport = TransportView(
            Mode.REPLAY,
            playing=True,
            ended=False,
            speed=60.0,
            start_ms=reader.start_ms,
            end_ms=reader.end_ms,
            position_ms=now,
        )
        if self.scrubber is None:  # once for a recording, as the conductor does
            self.scrubber = overview(reader, reader.end_ms)
        return self.maker.view(self.player.state, FOCUS, transport, self.scrubber)


@contextlib.contextmanager
def opened(place: Place) -> Iterator[Day]:
    """The day, closed at the end."""
    reader = RecordingReader.open(place.recording())
    try:
        yield Day(reader, Player(reader, load_baskets(None)[0]))
    finally:
        reader.close()
