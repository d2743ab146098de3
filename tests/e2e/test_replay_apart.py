"""A replay is apart from what happens now: nothing is asked of a venue, nothing later is shown, nothing is written to
the recording; the trader's own levels and notes get the replayed time, in files of the trader's own."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from crashdesk.model.times import format_utc
from crashdesk.playback.transport import Transport
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.alerts import AlertBook
from crashdesk.session.conductor import monotonic_ms
from crashdesk.session.deck import Deck
from crashdesk.session.player import Player
from tests.e2e.terminal import terminal
from tests.loopback import LoopbackVenues
from tests.recording.samples import START, quote, session
from tests.session import market_tape

MIDDLE = market_tape.START + 30 * 60_000


async def test_keys_of_a_replay_write_to_the_trader_s_files_with_the_replayed_time(
    tmp_path: Path, hermetic_environment: Path
) -> None:
    folder, data = tmp_path / "there", hermetic_environment / "data" / "crashdesk"
    folder.mkdir()
    tape = folder / "tape.crash"
    market_tape.write(tape, hours=1)
    before, stamp = tape.read_bytes(), tape.stat()
    async with LoopbackVenues(venues=["okx"]) as server:
        config = tmp_path / "config.toml"
        config.write_text(server.config_toml(symbols=["BTC/USDT"]), encoding="utf-8")
        at = format_utc(MIDDLE)[:16]
        async with terminal(["replay", str(tape), "--at", at, "--config", str(config)]) as desk:
            await desk.until(lambda text: "REPLAY" in text and "Tickers" in text)
            desk.type(" ")
            await desk.until(lambda text: "paused" in text)
            desk.type("n")
            desk.type("hack: seen in a replay\r")
            await desk.until(lambda text: "seen in a replay" in text)
            desk.type(":")
            desk.type("LV 105000\r")
            await desk.until(lambda text: "105,000" in text)
            desk.type("q")
            assert await desk.ended() == 0
        assert server.requests == []
    (note,) = tomllib.loads((data / "notes.toml").read_text())["notes"]
    assert (note["recording"], note["kind"], note["text"]) == ("tape", "hack", "seen in a replay")
    assert MIDDLE <= note["ts_ms"] < MIDDLE + 25 * 60_000
    (level,) = tomllib.loads((data / "levels.toml").read_text())["levels"]
    assert MIDDLE <= level["created_ms"] < MIDDLE + 25 * 60_000
    assert tape.read_bytes() == before
    assert (tape.stat().st_mtime_ns, tape.stat().st_ctime_ns) == (stamp.st_mtime_ns, stamp.st_ctime_ns)
    assert os.listdir(folder) == ["tape.crash"]  # noqa: PTH208 - names are all that matters


def test_what_is_recorded_during_a_replay_does_not_come_into_it(tmp_path: Path) -> None:
    path = tmp_path / "live.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for second in range(1, 60):
        writer.append([quote(last=100.0 + second)], START + second * 1_000)
    reader = RecordingReader.open(path)
    clock = [0]
    deck = Deck(
        Player(reader, market_tape.BASKETS),
        None,
        lambda: clock[0],
        AlertBook((), replayed=True),
    )
    deck.play_from(Transport(reader.start_ms, reader.end_ms, reader.start_ms, 0, 60.0), START + 30_000)
    for second in range(60, 200):
        writer.append([quote(last=9_999.0), quote("okx", "LATE/USDT", last=1.0)], START + second * 1_000)
        clock[0] += 50
        deck.fold(10.0)
    assert deck.player.state.now_ms == START + 59_000
    assert {row.last for _, row in deck.player.state.quotes.values()} == {159.0}
    assert deck.view().ended
    writer.close(START + 200_000)
    deck.fold(10.0)
    deck.to_end()
    assert deck.player.state.now_ms == START + 59_000


def test_a_replay_of_a_day_ends_with_it(tmp_path: Path) -> None:
    """It does not go on in the file that it names, as a desk that follows does."""
    old, new = tmp_path / "live-2025-11-03.crash", tmp_path / "live.crash"
    for path, last in ((old, 20_000), (new, 90_000)):
        writer = RecordingWriter.open(path, session(), START, fsync=False)
        writer.append([quote()], START + last)
        writer.end(START + last + 5, ("live.crash",))
        writer.let_go()
    reader = RecordingReader.open(old)
    found = reader.successor()
    assert found is not None
    assert found.path == new
    deck = Deck(Player(reader, market_tape.BASKETS), None, monotonic_ms, AlertBook((), replayed=True))
    deck.play_from(Transport(reader.start_ms, reader.end_ms, reader.start_ms, 0, 60.0), reader.end_ms)
    for _ in range(5):
        deck.fold(1.0)
    assert deck.player.source is reader
    assert deck.view().ended
