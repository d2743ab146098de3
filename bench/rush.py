"""Replay above 600x: a drawn frame each 50 ms of the desk's clock, of quotes only the newest."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from pathlib import Path

from bench.day import FOCUS, opened
from bench.long import DAY, SYMBOL, TEN_DAYS, long_recording
from bench.numbers import median, share_below
from bench.place import Place
from bench.row import Row, row
from crashdesk.config.alert_settings import DEFAULT_ALERTS
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.playback.transport import Transport
from crashdesk.session.alerts import AlertBook
from crashdesk.session.conductor import FRAME_S, SLICE_S
from crashdesk.session.deck import Deck
from crashdesk.session.focus import Focus

_SPEEDS = (3_600.0, 36_000.0)
_FRAMES = 60
_FRAME_MS = round(FRAME_S * 1000)
_FROM_MS = 14 * HOUR_MS
"""The heaviest hour of the long day is among what is played."""
_LATE_MS = 5 * DAY_MS
"""Days before it are in the file: what is more than 24 h old leaves the windows by roll-ups of hours."""


def run(place: Place) -> Sequence[Row]:
    """CPU ms a frame on the scenario and on a day of 300 symbols. Quick: the scenario alone."""
    rows = _of(place, "the scenario", place.recording(), FOCUS)
    if not place.quick:
        focus = FOCUS._replace(symbol=SYMBOL)
        rows += _of(place, "300 symbols", long_recording(place, DAY), focus)
        rows += _of(place, "300 symbols on the sixth day", long_recording(place, TEN_DAYS), focus, _LATE_MS)
    return rows


def _of(place: Place, what: str, path: Path, focus: Focus, from_ms: int = _FROM_MS) -> list[Row]:
    return [found for speed in _SPEEDS for found in _frames(place, what, path, focus, speed, from_ms)]


def _frames(place: Place, what: str, path: Path, focus: Focus, speed: float, from_ms: int) -> Sequence[Row]:
    """As the conductor does it: folding in slices, a picture when all that was due is folded."""
    clock, folding, drawing, slices = 0, [], [], []
    with opened(place, path, focus) as day:
        reader, alerts = day.reader, AlertBook(DEFAULT_ALERTS, replayed=True, symbol=focus.symbol)
        deck = Deck(day.player, None, lambda: clock, alerts)
        start_ms = min(reader.start_ms + from_ms, reader.end_ms)
        deck.play_from(Transport(reader.start_ms, reader.end_ms, reader.start_ms, 0, speed), start_ms)
        day.show()
        gc.collect()
        for _ in range(_FRAMES):
            if deck.view().ended:
                break
            clock += _FRAME_MS
            begun, done = time.process_time(), False
            while not done:
                start = time.process_time()
                done = deck.fold(SLICE_S)
                slices.append((time.process_time() - start) * 1000)
            folded = time.process_time()
            day.show()
            folding.append((folded - begun) * 1000)
            drawing.append((time.process_time() - begun) * 1000)
    how = f"{what} at {speed:,.0f}x, {len(drawing)} frames, chart included"
    return (
        row("rush: a frame folded and pictured, median", median(drawing), "ms CPU", note=how),
        row("rush: the same, p95", share_below(drawing, 0.95), "ms CPU", "<= 33", note=how),
        row("  folding alone, p95", share_below(folding, 0.95), "ms CPU", note=how),
        row("  until a key is looked at, most", max(slices), "ms CPU", "<= 100", note=how),
    )
