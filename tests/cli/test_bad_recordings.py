"""Recordings that are none, cut off or damaged: one sentence that names it, and what was there stays as it was."""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.recording.format import MAGIC, PREFACE, Kind
from crashdesk.recording.version import FORMAT_VERSION
from tests.cli.bad_input import READERS, Run, database, frames, itself, one_sentence

FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "does not exist"),
    "folder": (Path.mkdir, "is not a file"),
    "pipe": (os.mkfifo, "is not a file"),
    "loop": (itself, "cannot be opened"),
    "empty": (Path.touch, "is empty"),
    "text": (lambda path: path.write_text("hello world\n" * 50), "is not a crashdesk recording"),
    "noise": (lambda path: path.write_bytes(bytes(range(256)) * 400), "is not a crashdesk recording"),
    "database": (database, "is not a crashdesk recording"),
    "cut in the magic": (lambda path: path.write_bytes(MAGIC[:5]), "is not a crashdesk recording"),
    "preface only": (lambda path: path.write_bytes(PREFACE.pack(MAGIC, 1)), "is empty"),
    "newer": (
        lambda path: path.write_bytes(PREFACE.pack(MAGIC, FORMAT_VERSION + 1) + b"x" * 99),
        f"has format {FORMAT_VERSION + 1}, newer than {FORMAT_VERSION}",
    ),
    "format 0": (lambda path: path.write_bytes(PREFACE.pack(MAGIC, 0) + b"x" * 99), "is not a crashdesk recording"),
}


@pytest.mark.parametrize("command", READERS, ids=" ".join)
@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_recording_is_told_in_one_sentence(tmp_path: Path, run: Run, name: str, command: list[str]) -> None:
    path = tmp_path / "a.crash"
    make, words = FOREIGN[name]
    make(path)
    code, out, err = run(*command, path)
    assert (code, out) == (1, "")
    assert f"{path} {words}" in one_sentence(err)


@pytest.mark.parametrize("name", ["text", "noise", "database", "newer", "format 0"])
def test_record_never_touches_a_foreign_file(tmp_path: Path, run: Run, name: str) -> None:
    path = tmp_path / "a.crash"
    make, words = FOREIGN[name]
    make(path)
    before = path.read_bytes()
    code, _, err = run("record", "--out", path, "--for", "1s")
    assert code == 1
    assert words in one_sentence(err)
    assert path.read_bytes() == before


def test_record_refuses_a_folder_and_a_pipe_at_once(tmp_path: Path, run: Run) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run("record", "--out", tmp_path, "--for", "1s")
    assert code == 2
    assert "name a file in it" in one_sentence(err)
    code, _, err = run("record", "--out", tmp_path / "pipe", "--for", "1s")
    assert code == 1
    assert "is not a file" in one_sentence(err)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_recording_that_was_cut_off_is_read_up_to_there(tape: Path, run: Run, part: float) -> None:
    data = tape.read_bytes()
    tape.write_bytes(data[: int(len(data) * part)])
    for command in READERS:
        code, out, err = run(*command, tape)
        assert (code, err) == (0, "")
        assert out
    assert "not closed" in run("doctor", tape)[1]
    assert tape.read_bytes() == data[: int(len(data) * part)]


@pytest.mark.parametrize("kind", [Kind.QUOTES, Kind.LIQUIDATIONS, Kind.KEY])
def test_damage_in_the_middle_is_told_where_it_is_met_and_the_rest_is_shown(tape: Path, run: Run, kind: Kind) -> None:
    found = [header for header in frames(tape) if header.kind == kind]
    bad = found[len(found) // 2]
    data = bytearray(tape.read_bytes())
    data[bad.start + 1] ^= 0x55
    tape.write_bytes(data)
    code, out, err = run("doctor", tape)
    assert (code, err) == (1, "")
    assert f"WRONG  bytes {bad.offset:,} to {bad.end:,}" in out
    # the others are not read on the way to the end
    met = f"{tape}: 1 damaged place was passed over; `crashdesk doctor {tape}` says which"
    told = [f"crashdesk: {met}"] if kind is Kind.LIQUIDATIONS else []
    for words in (("brief",), ("replay",), ("show", "tickers"), ("show", "tickers", "--watch")):
        code, out, err = run(*words, tape)
        assert (code, [line for line in err.splitlines() if "nothing to watch" not in line]) == (0, told)
        assert "BTC/USDT" in out
    assert tape.read_bytes() == bytes(data)


def test_frames_of_kinds_that_are_not_known_yet_are_passed_over(tape: Path, run: Run) -> None:
    """A later version may add kinds: the header's checksum is made anew, as that version would."""
    data = bytearray(tape.read_bytes())
    for header in [header for header in frames(tape) if header.kind == Kind.TICK]:
        data[header.offset + 5] = 99
        fields = bytes(data[header.offset : header.offset + 36])
        data[header.offset + 36 : header.offset + 40] = struct.pack("<I", zlib.crc32(fields))
    tape.write_bytes(data)
    assert run("doctor", tape)[0] == 0
    assert run("brief", tape)[0] == 0


def test_reading_writes_nothing_beside_the_recording(tape: Path, run: Run) -> None:
    before = tape.stat()
    tape.chmod(stat.S_IRUSR)
    tape.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        for command in READERS:
            assert run(*command, tape)[0] == 0
        assert [path.name for path in tape.parent.iterdir()] == [tape.name]
        assert (tape.stat().st_mtime_ns, tape.stat().st_size) == (before.st_mtime_ns, before.st_size)
    finally:
        tape.parent.chmod(stat.S_IRWXU)


def test_a_name_with_control_characters_is_shown_without_them(tmp_path: Path, run: Run) -> None:
    code, _, err = run("brief", tmp_path / "a\x1b[31mb\x07\n\u202ec.crash")
    assert code == 1
    one_sentence(err)
