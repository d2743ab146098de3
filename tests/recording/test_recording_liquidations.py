"""LIQUIDATIONS frames and what roll-ups make of them: every layout, damage in every part, the first version."""

from __future__ import annotations

import contextlib
import math
import shutil
import struct
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Event, EventKind, Liquidation, PriceBasis, Side
from crashdesk.recording.figures import figures_of, pack_narrow, pack_wide, take_narrow, take_wide
from crashdesk.recording.format import FIRST_OFFSET, FORMAT_VERSION, HEADER_SIZE, PREFACE, Codec, Kind
from crashdesk.recording.liquidations import columns_of, decode_figures, decode_liquidations, encode_liquidations
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.golden.make import FOLDER
from tests.recording.liquidation_stream import same_rows, stream, write
from tests.recording.samples import START, liquidation, play, records, session
from tests.recording.spoiled import frame_of, headers, spoil
from tests.recording.test_recording_numbers import AMOUNTS, NAMES, NUMBERS, PRICES, TIMES

LOTS = st.builds(lambda n, d: n / 10**d, st.integers(0, 2**29), st.integers(0, 9))


THOUSANDS = st.integers(1, 10**9).map(lambda n: n * 1000.0)


TICKS = st.builds(lambda n, d: n / 10**d, st.integers(1, 2**29), st.integers(0, 9))


NEAR = st.integers(START - 70_000, START + 5_000)


SIDE, BASIS, RAW = st.sampled_from(Side), st.sampled_from(PriceBasis), st.sampled_from(["", "{}", '{"名":1}', "\x00\n"])


def _exact(n: int, side: Side, ts_ms: int, price: float, amount: float, basis: PriceBasis, raw: str) -> Row:
    usd = price * amount * 1e6
    return n, Liquidation(*NAMES[n], ts_ms, side, price, amount, round(usd) if usd < 2**53 else 0, basis, raw)


def _by_dollars(n: int, side: Side, ts_ms: int, price: float, dollars: int, steps: int, raw: str) -> Row:
    amount = float(Fraction(dollars) / Fraction(str(price)))
    for _ in range(abs(steps)):
        amount = math.nextafter(amount, math.copysign(math.inf, steps))
    return n, Liquidation(*NAMES[n], ts_ms, side, price, amount, dollars * 10**6, PriceBasis.FILL, raw)


def _any(n: int, side: Side, ts_ms: int, price: float, amount: float, usd: int, basis: PriceBasis, raw: str) -> Row:
    return n, Liquidation(*NAMES[n], ts_ms, side, price, amount, usd, basis, raw)


Row = tuple[int, Liquidation]


ROW = st.one_of(
    st.builds(_exact, NUMBERS, SIDE, NEAR, TICKS, st.one_of(LOTS, THOUSANDS), BASIS, RAW),
    st.builds(_by_dollars, NUMBERS, SIDE, NEAR, TICKS, st.integers(1, 10**8), st.integers(-3, 3), RAW),
    st.builds(_any, NUMBERS, SIDE, TIMES, PRICES, AMOUNTS, st.integers(0, 2**53), BASIS, RAW),
)


USUAL = st.builds(_exact, NUMBERS, SIDE, NEAR, TICKS, LOTS, BASIS, RAW)


FRAMES = st.lists(
    st.one_of(st.lists(USUAL, min_size=1, max_size=5), st.lists(ROW, min_size=1, max_size=40)), max_size=5
)


def bits(row: Liquidation) -> tuple[object, ...]:
    return *row[:4], struct.pack("<dd", row.price, row.amount), *row[6:]


@settings(deadline=None)
@given(FRAMES)
def test_rows_come_back_bit_for_bit_in_frames_and_as_columns(frames: list[list[Row]]) -> None:
    payloads = [(START + k, encode_liquidations(START + k, rows)) for k, rows in enumerate(frames)]
    for (recv_ms, payload), rows in zip(payloads, frames, strict=True):
        assert list(map(bits, decode_liquidations(recv_ms, payload, NAMES))) == [bits(row) for _, row in rows]
    want = [row for rows in frames for _, row in rows]
    same_rows(columns_of(decode_figures(payloads), NAMES), want)


@settings(deadline=None)
@given(st.lists(USUAL, min_size=1, max_size=12))
def test_both_layouts_say_the_same(rows: list[Row]) -> None:
    figures = figures_of(rows)
    narrow = pack_narrow(START, figures)
    wide = take_wide(START, pack_wide(START, figures), len(rows))
    assert list(map(list, wide)) == list(map(list, figures))
    if narrow is not None:
        assert list(map(list, take_narrow([(START, narrow)]))) == list(map(list, figures))
        assert len(narrow) == 12 * len(rows)


def test_what_venues_send_fits_the_narrow_layout() -> None:
    rows = [
        liquidation(price=106200.5, amount=0.014, usd_micro=1_486_807_000),
        liquidation(price=3.741e-07, amount=10_800_000_000.0, usd_micro=4_040_280_000),
        liquidation(price=106200.5, amount=300 / 106200.5, usd_micro=300_000_000),
    ]
    figures = figures_of([(0, row) for row in rows])
    narrow = pack_narrow(START, figures)
    assert narrow is not None
    assert list(map(list, take_narrow([(START, narrow)]))) == list(map(list, figures))


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=20), st.data())
def test_a_spoilt_payload_raises_no_surprise(rows: list[Row], data: st.DataObject) -> None:
    payload = bytearray(encode_liquidations(START, rows))
    for _ in range(data.draw(st.integers(1, 3))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(payload)))
    for spoilt in (bytes(payload), bytes(payload[:cut])):
        with contextlib.suppress(ValueError, IndexError, OverflowError, struct.error):
            decode_liquidations(START, spoilt, NAMES)


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    path = tmp_path / "v1.crash"
    shutil.copy(FOLDER / "v1.crash", path)
    path.chmod(0o600)
    return path


def test_a_recording_of_the_first_version_is_continued(first_version: Path) -> None:
    before, data = play(first_version), first_version.read_bytes()
    old = RecordingReader.open(first_version)
    was = [row for batch in before for row in batch.records if isinstance(row, Liquidation)]
    # the last writer was killed after its last liquidations: they are rolled up by the new one
    last = [header for header in headers(first_version) if header.kind == Kind.LIQUIDATIONS][-1]
    first_version.write_bytes(data[: last.end])
    ended = last.recv_ms
    follower = RecordingReader.open(first_version)
    writer = RecordingWriter.open(first_version, session(), ended + 1_000, fsync=False)
    new = [row for _, rows in stream(30, 10, seed=9) for row in rows]
    writer.append(new, ended + 2_000)
    writer.append([liquidation(ended)], ended + CHUNK_MS)
    writer.close(ended + CHUNK_MS + 1)
    assert first_version.read_bytes()[: last.end] == data[: last.end]
    assert first_version.read_bytes()[: PREFACE.size] == data[: PREFACE.size]
    assert follower.refresh()
    assert [row for row in records(first_version) if isinstance(row, Liquidation)] == [*was, *new, liquidation(ended)]
    restored = follower.restore(ended + CHUNK_MS)
    assert follower.damage == ()
    rows: dict[int, list[Liquidation]] = {}
    for batch in play(first_version):
        for row in batch.records:
            if isinstance(row, Liquidation):
                rows.setdefault(batch.recv_ms // CHUNK_MS, []).append(row)
    for chunk in restored.chunks:
        if chunk.liquidations is not None and chunk.number < (ended + CHUNK_MS) // CHUNK_MS:
            same_rows(chunk.load_liquidations(), rows[chunk.number])
            assert follower.chunk_rows(chunk.number) == chunk.load_liquidations()
    assert {header.codec for header in headers(first_version) if header.kind == Kind.LIQUIDATIONS} >= {Codec.PARTS}
    old.close()


def test_new_frames_are_damage_to_an_older_program_and_nothing_else(tmp_path: Path) -> None:
    """It knows the codecs 0 to 2: what it cannot inflate, it skips."""
    path = tmp_path / "a.crash"
    write(path, stream(3, 1_000))
    kinds = {header.kind for header in headers(path) if header.codec > Codec.ZLIB_DICTIONARY}
    assert kinds == {Kind.QUOTES, Kind.LIQUIDATIONS, Kind.ROLLUP}
    assert PREFACE.unpack(path.read_bytes()[:FIRST_OFFSET])[1] == FORMAT_VERSION


def test_an_event_that_is_told_again_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    told = [
        Event(EventKind.CASCADE, START, START + k, f"grows to {k}", None, "BTC/USDT", k, k, -0.1, k, ("okx", "htx"))
        for k in range(40)
    ]
    other = Event(EventKind.CASCADE, START, START, "another one", "okx", "BTC/USDT")
    for k, event in enumerate(told):
        writer.append([event, other] if k == 7 else [event], START + 1_000 + k * 60_000)
    reader = RecordingReader.open(path)
    assert reader.marks() == (told[-1], other)
    writer.close(START + 10**7)
    reader.refresh()
    assert reader.marks() == (told[-1], other)
    assert reader.restore(reader.end_ms).events == (told[-1], other)
    key = reader.checkpoint(reader.end_ms)
    assert key is not None
    assert sum(ref.rows for ref in key[1].refs[Kind.EVENTS]) < 30
    assert Counter(type(row) for row in records(path))[Event] == 41


def test_an_event_is_checked(tmp_path: Path) -> None:
    writer = RecordingWriter.open(tmp_path / "a.crash", session(), START, fsync=False)
    good = Event(EventKind.CASCADE, START, START, "x", venues=("o\x1bkx", "h" * 200))
    with pytest.raises(OverflowError, match="a count below 0"):
        writer.append([good._replace(orders=-1)], START + 1)
    writer.append([good], START + 1)
    [event] = [row for row in records(tmp_path / "a.crash") if isinstance(row, Event)]
    assert event.venues[0] == "okx"
    assert len(event.venues[1]) == 100


def test_the_head_of_a_frame_is_looked_at_too(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write(path, stream(100, 1_000))
    header = frame_of(path, Kind.LIQUIDATIONS, 50)
    spoil(path, header.offset + HEADER_SIZE - 20)
    reader = RecordingReader.open(path)
    chunk = reader.restore(reader.end_ms).chunks[0]
    assert len(chunk.load_liquidations().key) == 0
    assert reader.damage[0].start_offset == header.offset
