"""Frames whose checksums are right and whose content was made to do harm."""

from __future__ import annotations

import contextlib
import tracemalloc
import zlib
from pathlib import Path

import pytest

from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.times import LAST_MS
from crashdesk.recording.format import FREELY, MAX_PLAIN, MOST_RATIO, Codec, Kind, deflate, inflate, pack_frame
from crashdesk.recording.key_codec import decode_key
from crashdesk.recording.numbers import deltas, pack_varints, take_varint
from crashdesk.recording.raw_words import WORDS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.liquidations.cells import KeyTable
from crashdesk.session.liquidations.facts import Facts
from crashdesk.session.liquidations.span import Span
from tests.recording.samples import START, quote, session
from tests.recording.spoiled import write_all_kinds
from tests.session import market_tape
from tests.torture.pieces import join, settle, split

REFS = 102
UNKNOWN = 99


def numbered(payload: bytes) -> dict[int, bytes]:
    """The sections of a checkpoint."""
    found, at = {}, 0
    while at < len(payload):
        number, at = take_varint(payload, at)
        length, at = take_varint(payload, at)
        found[number] = payload[at : at + length]
        at += length
    return found


def packed(sections: dict[int, bytes]) -> bytes:
    return b"".join(pack_varints((number, len(section))) + section for number, section in sections.items())


def last_key(path: Path) -> bytes:
    """The payload of the last checkpoint."""
    _, pieces = split(path.read_bytes())
    key = [piece for piece in pieces if piece.kind == Kind.KEY][-1]
    return zlib.decompress(key.payload) if key.codec == Codec.ZLIB else key.payload


def with_last_key(path: Path, payload: bytes) -> None:
    """Put another payload into the last checkpoint, everything else in order."""
    preface, pieces = split(path.read_bytes())
    place = max(k for k, piece in enumerate(pieces) if piece.kind == Kind.KEY)
    pieces[place] = pieces[place].with_(payload=payload, codec=Codec.RAW)
    path.write_bytes(join(preface, settle(pieces)))


@pytest.mark.parametrize("offsets", [[-1], [0], [1 << 63], [1 << 70], [500, 500], [16] * 100_000], ids=len)
def test_a_checkpoint_that_lists_no_possible_frames_is_passed_over(tmp_path: Path, offsets: list[int]) -> None:
    path = tmp_path / "a.crash"
    write_all_kinds(path)
    sections = numbered(last_key(path))
    count = len(offsets)
    sections[REFS] = pack_varints([Kind.NOTES, count, *deltas(offsets), *deltas([0] * count), *[1] * count])
    with_last_key(path, packed(sections))
    with contextlib.closing(RecordingReader.open(path)) as reader:
        point = reader.restore(reader.end_ms)
        assert point.recv_ms < reader.end_ms
        assert point.notes


def test_a_section_that_is_there_twice_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_all_kinds(path)
    whole = last_key(path)
    assert decode_key(whole, START * 2).names
    with pytest.raises(ValueError, match="twice"):
        decode_key(whole + pack_varints((200, 0)) * 2, START * 2)


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("words", [b"", WORDS], ids=["", "words"])
def test_what_shrinks_beyond_measure_is_stored_as_long_as_it_is(bare: bool, words: bytes) -> None:
    plain = bytes(FREELY * 4)
    stored = deflate(plain, words if bare else b"", bare=bare)
    assert len(stored) >= len(plain) // MOST_RATIO
    assert inflate(stored, words if bare else b"", bare=bare) == plain
    few = bytes(FREELY)
    assert len(deflate(few, bare=bare)) < FREELY // MOST_RATIO
    assert inflate(deflate(few, bare=bare), bare=bare) == few


def test_a_little_that_unpacks_to_very_much_is_refused_before_it_is_there() -> None:
    stored = zlib.compress(bytes(MAX_PLAIN), 9)
    assert len(stored) < 70_000
    tracemalloc.start()
    assert inflate(stored) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * MOST_RATIO * len(stored)


def test_a_frame_of_equal_records_is_readable_however_much_it_would_shrink(tmp_path: Path) -> None:
    frame = pack_frame(Kind.PERPS, 1, START, 0, bytes(FREELY + 1))
    assert frame[6] == Codec.RAW


def test_a_first_frame_of_a_far_day_leaves_the_end_behind_the_start(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_all_kinds(path)
    preface, pieces = split(path.read_bytes())
    pieces[0] = pieces[0].with_(recv_ms=LAST_MS)
    path.write_bytes(join(preface, pieces))
    with contextlib.closing(RecordingReader.open(path)) as reader:
        assert reader.start_ms <= reader.end_ms
        reader.restore(reader.end_ms)
        reader.minute_totals()


def test_a_checkpoint_that_was_moved_forward_does_not_spoil_what_is_recorded_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write_all_kinds(path)
    preface, pieces = split(path.read_bytes())
    moved = [piece for piece in pieces if piece.kind == Kind.KEY][-1]
    # in the room of the first frames, so that all the others stay where they were
    room, gone = 0, 5
    while room < len(moved.pack()) + len(moved.with_(payload=b"").pack()):
        room += len(pieces[gone].pack())
        gone += 1
    filler = moved.with_(kind=UNKNOWN, codec=Codec.RAW, payload=b"")
    filler = filler.with_(payload=bytes(room - len(moved.pack()) - len(filler.pack())))
    others = [piece.with_(kind=UNKNOWN) if piece.kind == Kind.KEY else piece for piece in pieces[gone:]]
    path.write_bytes(join(preface, settle([*pieces[:5], moved, filler, *others])))
    later = START + 10**7
    writer = RecordingWriter.open(path, session(), later, fsync=False)
    writer.append([quote(last=77.5)], later + 5)
    writer.close(later + 9)
    with contextlib.closing(RecordingReader.open(path)) as reader:
        assert quote(last=77.5) in [row for _, row in reader.restore(reader.end_ms).quotes]


@pytest.mark.parametrize("length", [1 << 30, 1 << 40, 1 << 62])
@pytest.mark.parametrize("section", [0, 1, 3])
def test_a_roll_up_with_sections_of_any_length_is_read_no_farther_than_itself(
    tmp_path: Path, section: int, length: int
) -> None:
    path = tmp_path / "a.crash"
    write_all_kinds(path)
    preface, pieces = split(path.read_bytes())
    for place, piece in enumerate(pieces):
        if piece.kind == Kind.ROLLUP:
            lengths, at = [], 0
            for _ in range(4):
                one, at = take_varint(piece.payload, at)
                lengths.append(one)
            lengths[section] = length
            pieces[place] = piece.with_(payload=pack_varints(lengths) + piece.payload[at:])
    path.write_bytes(join(preface, settle(pieces)))
    tracemalloc.start()
    with contextlib.closing(RecordingReader.open(path)) as reader:
        for chunk in reader.restore(reader.end_ms).chunks:
            chunk.load_liquidations()
            chunk.load_bars()
        assert reader.damage
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


def test_rows_that_lie_outside_what_their_roll_up_says_are_damage(tmp_path: Path) -> None:
    """A window that waited for them to leave would wait for ever."""
    path = tmp_path / "a.crash"
    market_tape.write(path, hours=0.6)
    with contextlib.closing(RecordingReader.open(path)) as reader:
        chunk = reader.restore(reader.end_ms).chunks[0]
        sums = chunk.liquidations
        assert sums is not None
        count = sum(orders for _, orders in sums.sums.values())
        hidden = sums._replace(first_ts_ms=sums.last_ts_ms - MINUTE_MS)
        for told, damaged in ((sums, False), (hidden, True)):
            span = Span.of_chunk(KeyTable(), chunk._replace(liquidations=told), told, 0, count, Facts())
            assert min(span.rows().ts) >= span.first_ts
            assert span.damaged is damaged
