"""LIQUIDATIONS frames and what roll-ups make of them: every layout, damage in every part, the first version."""

from __future__ import annotations

import contextlib
import math
import random
import shutil
import struct
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CHUNK_MS, PROFILE_BIN, SIZE_STEPS_USD, Chunk, LiquidationColumns
from crashdesk.model.records import Event, EventKind, Gap, Liquidation, PriceBasis, Side
from crashdesk.recording import sections as sections_module
from crashdesk.recording.figures import figures_of, pack_narrow, pack_wide, take_narrow, take_wide
from crashdesk.recording.format import FIRST_OFFSET, FORMAT_VERSION, HEADER_SIZE, PREFACE, Codec, Kind
from crashdesk.recording.liquidations import columns_of, decode_figures, decode_liquidations, encode_liquidations
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.rollup_codec import split_rollup
from crashdesk.recording.writer import RecordingWriter
from tests.golden.make import FOLDER
from tests.recording.samples import START, liquidation, play, quote, records, session
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


def same_rows(columns: LiquidationColumns, want: Sequence[Liquidation]) -> None:
    assert [columns.keys[k] for k in columns.key] == [(row.venue, row.symbol, row.side) for row in want]
    assert list(columns.ts_ms) == [row.ts_ms for row in want]
    assert list(columns.usd_micro) == [row.usd_micro for row in want]
    for column, name in ((columns.price, "price"), (columns.amount, "amount")):
        assert column.tobytes() == b"".join(struct.pack("<d", getattr(row, name)) for row in want)


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


def stream(count: int, every_ms: int, seed: int = 5) -> list[tuple[int, list[Liquidation]]]:
    """Commits of one to six rows: twins, late and early ones, few prices."""
    chance = random.Random(seed)
    commits = []
    for k in range(count):
        now = START + k * every_ms
        rows = []
        for _ in range(chance.randint(1, 6)):
            late = chance.choice([50, 300, -2_000, 50_000, 4_000_000])
            price = round(chance.choice([100.0, 3000.0, 0.01]) * chance.uniform(0.995, 1.0), 4)
            amount = chance.randint(1, 10**6) / 100
            rows.append(
                liquidation(
                    now - late, price, amount, side=chance.choice(list(Side)), venue=chance.choice(["okx", "htx"])
                )
            )
        commits.append((now, [*rows, rows[0]]))
    return commits


def write(path: Path, commits: Sequence[tuple[int, list[Liquidation]]]) -> dict[int, list[Liquidation]]:
    """The recording of a stream; its rows by the chunk that they came in."""
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    chunks: dict[int, list[Liquidation]] = {}
    for now, rows in commits:
        writer.append([quote(last=1.0 + now % 97), *rows], now)
        chunks.setdefault(writer.recv_ms // CHUNK_MS, []).extend(rows)
    writer.close(commits[-1][0] + CHUNK_MS)
    return chunks


def check_chunk(chunk: Chunk, rows: list[Liquidation]) -> None:
    same_rows(chunk.load_liquidations(), rows)
    found = chunk.liquidations
    assert found is not None
    assert found.sizes is not None
    edges = [0, *SIZE_STEPS_USD, 10**12]
    for low, high, sums in zip(edges, edges[1:], found.sizes, strict=False):
        inside = [row for row in rows if low * 10**6 <= row.usd_micro < high * 10**6]
        long = sum(row.usd_micro for row in inside if row.side is Side.LONG)
        assert sums == (long, sum(row.usd_micro for row in inside) - long, len(inside))
    if chunk.load_details is None:
        return
    details = chunk.load_details()
    ranked = sorted(rows, key=lambda r: (-r.usd_micro, r.ts_ms, r.venue, r.symbol, r.side.value))[:20]
    assert [(r.usd_micro, r.ts_ms, r.venue, r.price) for r in details.largest] == [
        (r.usd_micro, r.ts_ms, r.venue, r.price) for r in ranked
    ]
    profile: dict[tuple[str, str], dict[int, tuple[int, int, int]]] = {}
    for row in rows:
        bins = profile.setdefault((row.venue, row.symbol), {})
        place = math.floor(math.log(row.price) / PROFILE_BIN)
        long, short, orders = bins.get(place, (0, 0, 0))
        usd = row.usd_micro
        bins[place] = (long + usd, short, orders + 1) if row.side is Side.LONG else (long, short + usd, orders + 1)
    assert details.profile == profile


@pytest.mark.parametrize("most_frames", [2_000, 20])
def test_chunks_have_their_rows_sizes_and_details(
    tmp_path: Path, most_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections_module, "MOST_FRAMES", most_frames)
    path = tmp_path / "a.crash"
    chunks = write(path, stream(700, 1_000))
    reader = RecordingReader.open(path)
    found = reader.restore(reader.end_ms).chunks
    assert [chunk.number for chunk in found if chunk.liquidations] == list(chunks)
    for chunk in found:
        if chunk.liquidations is not None:
            check_chunk(chunk, chunks[chunk.number])
    assert sum(chunk.load_details is not None for chunk in found) >= 2
    assert reader.damage == ()


def test_two_roll_ups_of_one_chunk_add_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    commits = stream(280, 1_000)
    rows = [row for _, part in commits for row in part]
    for part in (commits[:150], commits[150:]):
        writer = RecordingWriter.open(path, session(), part[0][0] - 5, fsync=False)
        for now, together in part:
            writer.append(together, now)
        writer.close(part[-1][0] + 1)
    reader = RecordingReader.open(path)
    assert reader.info().frames[Kind.ROLLUP] == 2
    [chunk] = reader.restore(reader.end_ms).chunks
    assert chunk.load_details is not None
    check_chunk(chunk, rows)


@pytest.mark.parametrize("section", [0, 1, 2, 3])
@pytest.mark.parametrize("most_frames", [2_000, 20])
def test_damage_in_a_section_is_told_and_leaves_the_others(
    tmp_path: Path, section: int, most_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections_module, "MOST_FRAMES", most_frames)
    path = tmp_path / "a.crash"
    chunks = write(path, stream(700, 1_000))
    number = START // CHUNK_MS
    bad = frame_of(path, Kind.ROLLUP, 0)
    start, end = split_rollup(path.read_bytes()[bad.start : bad.start + 16])[section]
    assert end - start > 20
    spoil(path, bad.start + end - 3)
    reader = RecordingReader.open(path)
    found = {chunk.number: chunk for chunk in reader.restore(reader.end_ms).chunks}
    assert reader.chunk_rows(number + 1) is not None
    if section == 0:
        assert number not in found
        assert reader.chunk_rows(number) is None
        assert reader.damage
        return
    chunk = found[number]
    want = chunks[number]
    assert chunk.liquidations is not None
    assert sum(orders for _, orders in chunk.liquidations.sums.values()) == len(want)
    rows, bars = chunk.load_liquidations(), chunk.load_bars()
    assert len(rows.key) == (0 if section == 1 else len(want))
    assert bool(bars) == (section != 2)
    assert (reader.chunk_rows(number) is None) == (section == 1)
    assert chunk.load_details is not None
    assert sum(sums[2] for bins in chunk.load_details().profile.values() for sums in bins.values()) == len(want)
    assert (bad.start + start, bad.start + end) in {(d.start_offset, d.end_offset) for d in reader.damage}


def test_a_damaged_frame_takes_the_rows_of_its_roll_up(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write(path, stream(700, 1_000))
    bad = frame_of(path, Kind.LIQUIDATIONS, 100)
    spoil(path, bad.start + 4)
    reader = RecordingReader.open(path)
    first, second, *_ = reader.restore(reader.end_ms).chunks
    assert len(first.load_liquidations().key) == 0
    assert [(d.start_offset, d.end_offset) for d in reader.damage] == [(bad.offset, bad.end)]
    assert reader.chunk_rows(first.number) is None
    assert len(second.load_liquidations().key) > 0


def test_rows_of_a_chunk_while_the_file_grows(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    reader = RecordingReader.open(path)
    chunks: dict[int, list[Liquidation]] = {}
    for now, rows in stream(400, 7_000):
        writer.append(rows, now)
        reader.refresh()
        number = now // CHUNK_MS
        assert reader.chunk_rows(number) is None
        chunks.setdefault(number, []).extend(rows)
        for before in (number - 1, START // CHUNK_MS):
            if before in chunks and before != number:
                columns = reader.chunk_rows(before)
                assert columns is not None
                same_rows(columns, chunks[before])
    assert reader.chunk_rows(START // CHUNK_MS - 1) is None
    assert reader.chunk_rows(10**9) is None


def test_rows_of_a_chunk_that_no_checkpoint_near_the_end_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    chunks = write(path, stream(400, 600_000))  # 66 hours
    reader = RecordingReader.open(path)
    for number, rows in [*chunks.items()][:-1]:
        columns = reader.chunk_rows(number)
        assert columns is not None
        same_rows(columns, rows)
    assert reader.chunk_rows([*chunks][3] + 1) is None


def test_liquidations_alone_over_a_span(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    write(path, stream(700, 1_000))
    reader = RecordingReader.open(path)
    want = [b for b in play(path) if b.records and isinstance(b.records[0], Liquidation)]
    assert list(reader.liquidations(reader.start_ms, reader.end_ms)) == want
    first, last = want[77].recv_ms, want[500].recv_ms
    assert list(reader.liquidations(first, last)) == want[77:501]
    spoil(path, frame_of(path, Kind.LIQUIDATIONS, 100).start + 4)
    told = [row.reason for b in reader.liquidations(0, first + 10**6) for row in b.records if isinstance(row, Gap)]
    assert told == ["damaged data"]


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
