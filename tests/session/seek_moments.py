"""Moments of a recording at which a seek may go wrong, and the comparison with playing there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crashdesk.config.ticker_settings import TICKER_COLUMNS
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.timeframe import HOUR_MS, Timeframe
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.focus import Focus, Own
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.session import market_tape
from tests.session.state_facts import differences, facts, picture

LOOK = Focus("BTC/USDT", Timeframe.M5, WeightMode.EQUAL, columns=tuple(TICKER_COLUMNS))


def moments(reader: RecordingReader, dice: random.Random, count: int) -> list[int]:
    """`count` of them, in order: the ends, and by lot any time, a frame's, a burst's, a checkpoint's, the borders of
    chunks and hours; of most of these also the millisecond before and after.
    """
    start, end = reader.start_ms, reader.end_ms
    batches = [(len(batch.records), batch.recv_ms) for _, batch in reader.batches(reader.first_offset)]
    frames = [at_ms for _, at_ms in batches]
    bursts = [at_ms for _, at_ms in sorted(batches)[-40:]]

    def one() -> int:
        near = dice.choice([-1, 0, 1])
        match dice.randrange(7):
            case 0 | 1:
                return dice.randint(start, end)
            case 2:
                return dice.choice(frames) + near
            case 3:
                return dice.choice(bursts) + near
            case 4:
                return reader.restore(dice.randint(start, end)).recv_ms + near
            case 5:
                return dice.randint(start, end) // CHUNK_MS * CHUNK_MS + near
            case _:
                return dice.randint(start, end) // HOUR_MS * HOUR_MS + near

    found = {start, start + 1, end - 1, end, end + HOUR_MS}
    while len(found) < count:
        at_ms = one()
        if start <= at_ms <= end:
            found.add(at_ms)
    return sorted(found)


def player_on(path: Path, own: Own) -> Player:
    """One that has its own reader."""
    player = Player(RecordingReader.open(path), market_tape.BASKETS)
    player.set_own(own)
    return player


def wrong_seeks(path: Path, own: Own, times: Sequence[int], dice: random.Random) -> Iterator[str]:
    """What differs between playing to each of the times and going there: with a fresh player, and with one that goes
    back and forth; then between playing on from there and playing all the way.
    """
    played, wanderer = player_on(path, own), player_on(path, own)
    played.seek(played.source.start_ms)
    truth: dict[int, dict[str, Any]] = {}
    for at_ms in times:
        # somebody looks on the way: what was kept of that look must not be seen later
        for before_ms in (40_000, 3_000, 20):
            played.play_to(at_ms - dice.randrange(before_ms))
            picture(played.state, LOOK)
        played.play_to(at_ms)
        truth[at_ms] = facts(played.state)
        sought = player_on(path, own)
        sought.seek(at_ms)
        yield from _named(f"sought {at_ms}", truth[at_ms], sought)
        sought.source.close()
    for at_ms in dice.sample(list(times), len(times)):
        wanderer.seek(at_ms)
        yield from _named(f"came back to {at_ms}", truth[at_ms], wanderer)
        later_ms = times[min(times.index(at_ms) + 1, len(times) - 1)]
        wanderer.play_to(later_ms)
        yield from _named(f"from {at_ms} on to {later_ms}", truth[later_ms], wanderer)
    straight = player_on(path, own)
    straight.seek(straight.source.start_ms)
    straight.play_to(times[-1])
    yield from _named("played without a look", truth[times[-1]], straight)
    for player in (played, wanderer, straight):
        player.source.close()


def _named(what: str, truth: dict[str, Any], player: Player) -> Iterator[str]:
    for difference in differences(truth, facts(player.state)):
        yield f"{what}: {difference}"
