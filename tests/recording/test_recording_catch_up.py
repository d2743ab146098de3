"""A state that a reader gives for a moment holds what playing to that moment tells."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.records import Batch, Liquidation, Quote
from crashdesk.recording.cells import Cells
from crashdesk.recording.format import HEADER_SIZE, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.quotes import decode_quotes, encode_quotes
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.skim import QuoteSkim
from tests.session import market_tape

NAMES = [("okx", f"C{k}/USDT") for k in range(4)]
PRICES = st.one_of(
    st.integers(1, 3_000).map(lambda n: n / 100),
    st.integers(1, 90_000).map(lambda n: n / 10_000),
    st.sampled_from((1 / 3, 1e-9, 2.5e15, 0.1)),
)
KNOWN_OR_NOT = st.one_of(st.none(), PRICES)
QUOTES = st.tuples(
    st.integers(0, 3), st.integers(-900, 0), PRICES, KNOWN_OR_NOT, KNOWN_OR_NOT, KNOWN_OR_NOT, KNOWN_OR_NOT,
    st.one_of(st.none(), st.just(0.0), PRICES), st.one_of(st.none(), st.just(-0.0), PRICES.map(lambda p: -p)),
)  # fmt: skip


def told(cells: Cells) -> dict[int, object]:
    """What cells say; the mode of a value that is not known says nothing."""

    def one(number: int) -> object:
        values = [field.values[number] for field in cells.fields]
        known = [
            (field.modes[number], field.wholes[number])
            for field, value in zip(cells.fields, values, strict=True)
            if value is not None
        ]
        return cells.times[number], repr(values), known

    return {number: one(number) for number in cells.times}


@given(st.lists(st.lists(QUOTES, max_size=6, unique_by=lambda row: row[0]), min_size=1, max_size=8))
def test_skimming_frames_leaves_what_decoding_them_leaves(polls: list[list[tuple[int, ...]]]) -> None:
    written = Cells()
    frames = []
    for k, rows in enumerate(polls):
        recv_ms = 1_762_128_000_000 + 20_000 * k
        quotes = [(row[0], Quote(*NAMES[row[0]], recv_ms + row[1], *row[2:])) for row in rows]
        payload, fresh, _ = encode_quotes(written, recv_ms, quotes)
        written.update(fresh)
        frames.append((recv_ms, payload))
    played = Cells()
    skimmed = Cells()
    decode_quotes(played, *frames[0], NAMES)
    decode_quotes(skimmed, *frames[0], NAMES)
    skim = QuoteSkim(skimmed, len(NAMES))
    newest: dict[int, tuple[int, str]] = {}
    seen: dict[int, list[float]] = {}
    minutes: dict[int, dict[tuple[str, str], float]] = {}
    for recv_ms, payload in frames[1:]:
        skim.add(recv_ms, payload)
        for number, quote in decode_quotes(played, recv_ms, payload, NAMES):
            newest[number] = recv_ms, repr(quote)
            seen.setdefault(number, []).append(quote.last)
            minutes.setdefault(recv_ms // 60_000, {})[NAMES[number]] = quote.last
    assert {number: (came, repr(quote)) for number, came, quote in skim.finish(NAMES)} == newest
    assert told(skimmed) == told(played)
    bars = {key: (bar.high, bar.low, bar.close) for key, bar in skim.bars(NAMES).items()}
    assert bars == {NAMES[n]: (max(prices), min(prices), prices[-1]) for n, prices in seen.items()}
    assert {minute: row for minute, row in skim.closes(NAMES).items() if row} == minutes


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catch-up") / "tape.crash"
    market_tape.write(path, hours=0.6, seed=3)
    return path


def behind(reader: RecordingReader, offset: int, at_ms: int) -> list[Batch]:
    """The frames from `offset` up to a time."""
    found = []
    for _, batch in reader.batches(offset):
        if batch.recv_ms > at_ms:
            break
        found.append(batch)
    return found


def test_nothing_is_missing_and_nothing_comes_twice(tape: Path) -> None:
    reader, other = RecordingReader.open(tape), RecordingReader.open(tape)
    dice = random.Random(4)
    caught = 0
    for _ in range(60):
        at_ms = dice.randint(reader.start_ms - 1_000, reader.end_ms + 1_000)
        point = reader.state_at(at_ms)
        left = behind(reader, point.offset, at_ms)
        plain = other.restore(at_ms)
        frames = behind(other, plain.offset, at_ms)
        if point.since is None:
            assert (left, point.offset) == (frames, plain.offset)
            continue
        caught += 1
        assert not left
        last = frames[-1]
        assert (point.since.recv_ms, point.since.seq) == (last.recv_ms, last.seq)
        records = [(batch.recv_ms, record) for batch in frames for record in batch.records]
        quotes = {(quote.venue, quote.symbol): (came, quote) for came, quote in plain.quotes}
        quotes |= {(row.venue, row.symbol): (came, row) for came, row in records if isinstance(row, Quote)}
        assert point.quotes == tuple(quotes.values())
        rows = point.since.liquidations
        got = [
            (*rows.keys[key], *row) for key, *row in zip(rows.key, rows.ts_ms, rows.usd_micro, rows.price, strict=True)
        ]
        orders = [row for _, row in records if isinstance(row, Liquidation)]
        assert got == [(row.venue, row.symbol, row.side, row.ts_ms, row.usd_micro, row.price) for row in orders]
        others = [batch for batch in frames if batch.records and not isinstance(batch.records[0], (Quote, Liquidation))]
        assert point.since.batches == tuple(others)
        assert list(reader.batches(point.offset)) == [
            one for one in other.batches(plain.offset) if one[0] > point.offset
        ]
    assert caught > 40
    reader.close()
    other.close()


def test_where_something_is_damaged_it_leaves_all_to_playing(tape: Path, tmp_path: Path) -> None:
    file = FrameFile(tape)
    key = file.last_until(market_tape.START + 1_000_000, file.size)
    assert key is not None
    assert key.key_offset is not None
    header = file.header(key.key_offset)
    while header is not None and header.kind != Kind.QUOTES:
        header = file.header(header.end)
    assert header is not None
    data = bytearray(tape.read_bytes())
    data[header.offset + HEADER_SIZE + 2] ^= 0x55
    file.close()
    path = tmp_path / "spoiled.crash"
    path.write_bytes(data)
    reader = RecordingReader.open(path)
    point = reader.state_at(key.recv_ms)
    assert point.since is None
    assert any(
        type(row).__name__ == "Gap" for batch in behind(reader, point.offset, key.recv_ms) for row in batch.records
    )
    reader.close()
