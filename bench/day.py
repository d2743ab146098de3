"""The scenario's day opened for reading, as the conductor does it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.place import Place
from crashdesk.config.baskets import load_baskets
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.focus import Focus
from crashdesk.session.picture import PictureMaker
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
    focus: Focus = FOCUS
    scrubber: ScrubberView | None = None

    def picture(self, at_ms: int) -> DeskView:
        """Seek and make the complete picture."""
        self.player.seek(at_ms)
        return self.show()

    def show(self) -> DeskView:
        """The complete picture of where the player is."""
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
        return self.maker.view(self.player.state, self.focus, transport, self.scrubber)


@contextlib.contextmanager
def opened(place: Place, path: Path | None = None, focus: Focus = FOCUS) -> Iterator[Day]:
    """The scenario's day, or another recording looked at in its own way, closed at the end."""
    reader = RecordingReader.open(path or place.recording())
    try:
        yield Day(reader, Player(reader, load_baskets(None)[0]), focus=focus)
    finally:
        reader.close()
