"""The worst minute: 2,000 liquidations a second from WebSockets through the recorder to the screen, and one burst."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from bench.load_keys import Keyboard
from bench.load_stage import RECORDING, Stage, between, staged
from bench.numbers import share_below
from bench.place import Place
from bench.process import resident_mb
from bench.row import Row, row
from bench.surge import Sent
from bench.watched import Key, Look, answers, delays, looks
from crashdesk.model.records import Liquidation
from crashdesk.recording.reader import RecordingReader

PER_SECOND, SECONDS, QUICK_SECONDS, BURST = 2_000, 60, 15, 22_558
KEY_S, BURST_KEY_S, AFTER_S, MOST_S = 0.4, 0.15, 3.0, 240.0
_TURNS = 10
"""So many letters, then so many zooms."""


class Surge(NamedTuple):
    """What was sent, and the shares of a core that recorder and desk took meanwhile."""

    sent: Sent
    recorder: float
    desk: float

    @property
    def rows(self) -> int:
        """How many orders it was."""
        return sum(rows for _, rows in self.sent.sent_at)

    @property
    def began(self) -> float:
        """Seconds since 1970."""
        at, _ = self.sent.sent_at[0]
        return at

    @property
    def ended(self) -> float:
        """Seconds since 1970."""
        return self.sent.ended


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known when all is over; `frames` are (when, CPU seconds of the desk since the last one)."""

    letters: Sequence[Key]
    zooms: Sequence[Key]
    looks: Sequence[Look]
    frames: Sequence[tuple[float, float]]


def run(place: Place) -> Sequence[Row]:
    """A steady surge, then a burst with one time."""
    seconds = QUICK_SECONDS if place.quick else SECONDS
    probe = place.folder / "probe"
    with staged(place, probe) as stage:
        keys = Keyboard(stage.desk)
        keys.chunks += stage.settle()
        keys.choose_pane()
        both = [keys.letter] * _TURNS + [keys.zoom] * _TURNS
        steady = _surge(stage, keys, f"steady {PER_SECOND} {seconds}", both, KEY_S)
        memory = resident_mb(stage.desk.pid)
        burst = _surge(stage, keys, f"burst {BURST}", [keys.letter], BURST_KEY_S)
        keys.chunks += stage.quit()
    rows, usd_micro = _recorded(place.folder / RECORDING)
    seen = list(looks(stage.desk.screen, keys.chunks))
    watched = Watched(keys.letters, keys.zooms, seen, _frames(probe))
    many = steady.rows
    told = steady.sent
    how = f"{many:,} rows in {told.messages:,} messages in {seconds} s, sent {told.late_s * 1000:.0f} ms late at most"
    return (
        row("surge: lost or doubled in the file", abs(len(rows) - many - burst.rows), "rows", "0", note=how),
        row("  dollars off", abs(told.usd_micro + burst.sent.usd_micro - usd_micro) / 1e6, "USD", "0"),
        *_figures(steady, watched, 0, "<= 33"),
        _spread("  commit to screen, p99", delays(rows[:many], seen), 0.99, "ms", "<= 300", "every row"),
        row("  recorder", 100 * steady.recorder, "% CPU", note="of one core"),
        row("  desk", 100 * steady.desk, "% CPU", note="of one core"),
        row("  memory of the desk", memory, "MB"),
        row("burst of one time", burst.rows, "rows", note=f"sent in {burst.ended - burst.began:.2f} s"),
        *_figures(burst, watched, many, ""),
    )


def _surge(
    stage: Stage, keys: Keyboard, command: str, presses: Sequence[Callable[[float], None]], every_s: float
) -> Surge:
    """Send what `command` says while keys are pressed, and for a while after it."""
    stage.tell(command)
    cpu, end, sent = [stage.cpu()], stage.desk.now + MOST_S, None
    for press in cycle(presses):
        press(every_s)
        cpu.append(stage.cpu())
        if sent is None and (line := stage.answer()) is not None:
            sent, end = Sent(*json.loads(line)), stage.desk.now + AFTER_S
        if stage.desk.now > end:
            break
    keys.rest()
    if sent is None:
        raise TimeoutError(f"{command}: not done in {MOST_S:.0f} s")
    return Surge(sent, *between(cpu, sent.sent_at[0][0], sent.ended))


def _figures(surge: Surge, watched: Watched, before: int, frame_target: str) -> Sequence[Row]:
    """What a surge did to the desk, which had counted `before` rows when it began."""
    end = surge.ended + AFTER_S
    counted = [look.orders for look in watched.looks if look.orders is not None and look.moment < end]
    lost = abs((counted or [0])[-1] - before - surge.rows)
    frames = [spent for at, spent in watched.frames if surge.began <= at < surge.ended + 1]
    sent = [at for at, rows in surge.sent.sent_at for _ in range(rows)]
    found = [
        row("  lost or doubled on screen", lost, "rows", "0", note="orders of 24h, shown in the end"),
        _spread("  a frame, p95", frames, 0.95, "ms CPU", frame_target, "folding, making and drawing, all threads"),
        _spread("  socket to screen, p99", delays(sent, watched.looks, before), 0.99, "ms", "", "every row, in order"),
    ]
    for name, keys in (("a letter", watched.letters), ("a zoom", watched.zooms)):
        took = list(zip(keys, answers(keys, watched.looks), strict=True))
        busy = [s for key, s in took if surge.began <= key.moment < end]
        calm = [s * 1000 for key, s in took if key.moment < surge.began and isfinite(s)]
        if busy:
            floor = share_below(calm, 0.95) if calm else None
            found.append(_spread(f"  key, {name}, p95", busy, 0.95, "ms", "<= 100", "floor: before it", floor))
    return found


def _spread(
    name: str, seconds: Sequence[float], share: float, unit: str, target: str, how: str, floor: float | None = None
) -> Row:
    """A row of milliseconds."""
    if not seconds:
        raise RuntimeError(f"{name.strip()}: nothing was seen")
    most, middle = max(seconds) * 1000, share_below(seconds, 0.5) * 1000
    note = f"{len(seconds):,} of them, middle {middle:,.1f}, most {most:,.0f}; {how}"
    return row(name, share_below(seconds, share) * 1000, unit, target, floor, note)


def _frames(probe: Path) -> list[tuple[float, float]]:
    samples = [(float(at), float(cpu)) for at, cpu in (line.split() for line in probe.read_text().splitlines())]
    return [(at, cpu - before) for (_, before), (at, cpu) in pairwise(samples)]


def _recorded(file: Path) -> tuple[list[float], int]:
    """When each liquidation was committed (seconds since 1970), in the order of the file, and what they come to."""
    reader = RecordingReader.open(file)
    committed: list[float] = []
    usd_micro = 0
    for _, batch in reader.batches(reader.first_offset):
        rows = [record for record in batch.records if isinstance(record, Liquidation)]
        committed += [batch.recv_ms / 1000] * len(rows)
        usd_micro += sum(one.usd_micro for one in rows)
    reader.close()
    return committed, usd_micro
