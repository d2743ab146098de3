"""`docs/format.md` says what the program does: every table of the page against the constants."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.model.times import LAST_MS
from crashdesk.recording import cells, key_codec
from crashdesk.recording import format as form
from crashdesk.recording.candles import _TIMEFRAMES
from crashdesk.recording.codec import SMALL
from crashdesk.recording.cut import LEAD_MS
from crashdesk.recording.figures import BASES, NARROW
from crashdesk.recording.format import UNPLAYED, Codec, Header, Kind, pack_frame, pack_preface, parse_header
from crashdesk.recording.hour_codec import CHUNKS, HOUR_SECTIONS
from crashdesk.recording.ledger import LISTED, RECENT, SPAN_MS, Ledger
from crashdesk.recording.numbers import BITS, MAX_SCALE, NONE
from crashdesk.recording.rollup_codec import SECTIONS
from crashdesk.recording.successor import decode_successors, encode_successors
from crashdesk.recording.writer import CHECKPOINT_BYTES, MOST_RECORDS, STEP_QUOTES
from tests.recording.samples import session

PAGE = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())
_SIZES = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i64": "q", "4 bytes": "4s"}


def table(head: str) -> list[list[str]]:
    """The rows of the table whose head line begins with `head`."""
    lines = PAGE[PAGE.index(f"\n| {head}") + 1 :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_the_preface() -> None:
    (_, _, magic), (place, _, version) = table("bytes | field | value")
    assert bytes.fromhex(magic.strip("`")) == form.MAGIC
    assert place == f"{len(form.MAGIC)}-{form.FIRST_OFFSET - 1}"
    assert version.startswith(f"u16, {form.FORMAT_VERSION};")
    assert f"Version {form.FORMAT_VERSION}." in PAGE
    assert pack_preface() == form.MAGIC + struct.pack("<H", form.FORMAT_VERSION)


def test_the_header_can_be_read_by_the_page_alone() -> None:
    frame = pack_frame(Kind.TICK, 7, 1_762_128_000_123, 99, b"abc", form.DIGEST)
    at, read = 0, {}
    for place, field, size, _ in table("bytes | field | type"):
        code = _SIZES[size]
        end = at + struct.calcsize(code)
        assert place == (f"{at}-{end - 1}" if end - at > 1 else f"{at}")
        read[field] = struct.unpack_from(f"<{code}", frame, at)[0]
        at = end
    assert at == form.HEADER_SIZE
    header = parse_header(bytes(100) + frame, 100, 100)
    assert header == Header(
        100,
        *(read[name] for name in ("kind", "codec", "flags", "seq", "recv_ms", "key_back", "length", "payload crc")),
    )
    assert (read["sync"], read["version"], read["seq"], read["flags"]) == (form.SYNC, form.FRAME_VERSION, 7, 1)
    assert f"`{form.SYNC.hex(' ').upper()}`" in PAGE
    assert f"of the frame: {form.FRAME_VERSION}" in PAGE


def test_the_limits() -> None:
    assert [int(value) for _, value in table("limit")] == [
        form.MAX_STORED,
        form.MAX_PLAIN,
        form.FREELY,
        form.MOST_RATIO,
        MOST_RECORDS,
        LAST_MS,
    ]
    assert f"a chunk of {CHUNK_MS} ms" in WORDS
    assert f"after {CHECKPOINT_BYTES} bytes" in WORDS
    assert f"listed for {SPAN_MS // 3_600_000} hours" in WORDS
    assert set(RECENT) == {Kind.HEALTH, Kind.ROLLUP, Kind.HOUR} < set(LISTED)
    assert SECTIONS == HOUR_SECTIONS == 4
    assert f"after {STEP_QUOTES} quotes" in WORDS
    assert f"(recv_ms // {HOUR_MS})" in WORDS
    assert f"each of the {CHUNKS} chunks" in WORDS


def test_codecs_and_kinds() -> None:
    assert [(int(number), name) for number, name, _ in table("codec | name")] == [(c.value, c.name) for c in Codec]
    rows = table("kind | name | played")
    assert [(int(row[0]), row[1], row[2]) for row in rows] == [
        (kind.value, kind.name, "no" if kind in UNPLAYED else "yes") for kind in Kind
    ]
    payloads = {row[1]: row[3] for row in rows}
    assert {name for name, payload in payloads.items() if payload == "parts"} == {k.name for k in form.IN_PARTS}
    json_kinds = {Kind(number).name for number in SMALL} | {"NAMES"}
    assert {name for name, payload in payloads.items() if payload == "JSON"} == json_kinds


def test_the_fields() -> None:
    want = [[Kind(number).name, ", ".join(record._fields)] for number, record in SMALL.items()]
    assert table("kind | fields") == want
    assert f"each of {', '.join(cells.FIELDS)} went" in WORDS
    assert ", ".join(frame.value for frame in _TIMEFRAMES) in WORDS
    assert f"Modes 0 to {MAX_SCALE}:" in WORDS
    assert f"Mode {NONE}: unknown. Mode {BITS}:" in WORDS
    assert f"{NARROW.size} bytes a row" in WORDS
    assert f"basis {', '.join(f'{number} {basis.value}' for number, basis in enumerate(BASES))}" in WORDS


def test_the_versions() -> None:
    assert [int(number) for number, *_ in table("version | brought")] == list(range(1, form.FORMAT_VERSION + 1))
    assert f"HOUR frames before version {form.FIRST_WITH_HOURS}" in WORDS


def test_the_sections_of_a_checkpoint() -> None:
    payload, _ = key_codec.encode_key(Ledger(session()), 1)
    assert {int(number) for number, _ in table("section")} == set(key_codec._sections(payload))


def test_the_names_of_a_successor() -> None:
    names = ("live-2025-11-04.crash", "live.crash")
    assert f"`{encode_successors(names).decode()}`" in PAGE
    assert decode_successors(encode_successors(names)) == names
    assert f"the {LEAD_MS // 3_600_000} hours before" in WORDS


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"7",
        b'"live.crash"',
        b"[1, null]",
        b'["../x.crash", "a/b", ".x", "", "a\\u0000"]',
        b"[" * 9,
    ],
)
def test_names_that_are_none_are_passed_over(payload: bytes) -> None:
    assert decode_successors(payload) == ()


@pytest.mark.parametrize("path", re.findall(r"`(recording/[\w/]+\.py)`", PAGE))
def test_files_that_are_named_are_there(path: str) -> None:
    assert (Path(form.__file__).parents[1] / path).is_file()
