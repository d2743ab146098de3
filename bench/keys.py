"""A level moved by keys while 2,000 liquidations a second arrive: from the byte typed to the byte that shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import cycle, pairwise
from math import inf

from bench.load_stage import Stage, staged
from bench.numbers import share_below
from bench.place import Place
from bench.row import Row, row
from bench.surge import Sent
from bench.terminal import Program
from bench.watched import Chunk, Look, looks

PER_SECOND, SECONDS, QUICK_SECONDS = 2_000, 30, 12
CALM, MOST_S, KEY_S = 40, 120.0, 0.23
"""Keys before the surge; how long it may take; a pause that falls in with nothing that the desk does regularly."""
_PLACE, _SETTLE_S = b"a", 1.0
_NUDGES = (b"k", b"k", b"j", b"J", b"K", b"j")
"""Rows up and down that come to nothing, so that the line stays on the chart."""


def run(place: Place) -> Sequence[Row]:
    """The same keys before the surge and in it."""
    with staged(place, place.folder / "probe") as stage:
        chunks = stage.settle()
        _press(stage.desk, _PLACE, _SETTLE_S, chunks)
        nudges = cycle(_NUDGES)
        keys = [_press(stage.desk, next(nudges), KEY_S, chunks) for _ in range(CALM)]
        stage.tell(f"steady {PER_SECOND} {QUICK_SECONDS if place.quick else SECONDS}")
        sent = None
        while sent is None:
            keys.append(_press(stage.desk, next(nudges), KEY_S, chunks))
            sent = _answer(stage, keys[0])
        chunks += stage.desk.collect(_SETTLE_S)
        _press(stage.desk, b"\x1b", _SETTLE_S, chunks)
        chunks += stage.quit()
    took = list(zip(keys, answers(keys, list(looks(stage.desk.screen, chunks))), strict=True))
    began = sent.sent_at[0][0]
    calm = [seconds for at, seconds in took if at < began - 1]
    busy = [seconds for at, seconds in took if began <= at < sent.ended]
    rows = sum(count for _, count in sent.sent_at)
    floor = share_below([s * 1000 for s in calm], 0.95)
    note = f"{len(busy)} keys, middle {share_below(busy, 0.5) * 1000:.1f}, most {max(busy) * 1000:.0f}; {rows:,} rows"
    return (
        row("key to moved line, p95", share_below(busy, 0.95) * 1000, "ms", "<= 50", floor, f"{note}; floor: before"),
    )


def answers(keys: Sequence[float], seen: Sequence[Look]) -> list[float]:
    """Seconds from each key to the bytes that show the line elsewhere; infinite where none came before the next."""
    found = []
    for at, end in pairwise([*keys, inf]):
        before = next((look.placed for look in reversed(seen) if look.moment < at), None)
        moved = (look.moment - at for look in seen if at <= look.moment < end and look.placed not in (None, before))
        found.append(next(moved, inf))
    return found


def _press(desk: Program, key: bytes, wait_s: float, chunks: list[Chunk]) -> float:
    """A key and a pause; when it was pressed (seconds since 1970)."""
    at = desk.now
    desk.type(key)
    chunks += desk.collect(wait_s)
    return at


def _answer(stage: Stage, began: float) -> Sent | None:
    line = stage.answer()
    if line is not None:
        return Sent(*json.loads(line))
    if stage.desk.now > began + MOST_S:
        raise TimeoutError(f"the surge was not over in {MOST_S:.0f} s")
    return None
