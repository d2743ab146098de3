"""Frames of a recording, and recordings that are spoiled in one of them."""

from __future__ import annotations

from pathlib import Path

from crashdesk.recording.format import FIRST_OFFSET, Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, one_of_each, quote, session


def headers(path: Path) -> list[Header]:
    """The headers of all frames of a whole recording."""
    file = FrameFile(path)
    found = []
    offset = FIRST_OFFSET
    while offset < file.size:
        header = file.header(offset)
        assert header is not None
        found.append(header)
        offset = header.end
    file.close()
    return found


def spoil(path: Path, offset: int, flip: int = 0x55) -> None:
    """Change one byte."""
    data = bytearray(path.read_bytes())
    data[offset] ^= flip
    path.write_bytes(data)


def frame_of(path: Path, kind: Kind, place: int) -> Header:
    """The frame of a kind at a place among its kind."""
    return [header for header in headers(path) if header.kind == kind][place]


def write_all_kinds(path: Path) -> None:
    """Some minutes with frames of every kind, written in two sessions."""
    writer = RecordingWriter.open(path, session(), START, fsync=False)
    for step in range(40):
        now = START + step * 30_000
        writer.append([*one_of_each(now), quote(last=100.0 + step)], now)
        writer.tick(now + 15_000)
    writer.close(START + 1_300_000)
    later = START + 2_000_000
    writer = RecordingWriter.open(path, session(at_ms=later), later, fsync=False)
    writer.append(one_of_each(later + 1000), later + 1000)
    writer.close(later + 5000)
