"""Recordings of every format version ever released still open and say the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from crashdesk.recording.format import FORMAT_VERSION
from crashdesk.recording.reader import RecordingReader
from tests.golden.make import FOLDER, golden_text

FILES = sorted(FOLDER.glob("v*.crash"))


def test_the_present_version_has_a_golden_recording() -> None:
    assert f"v{FORMAT_VERSION}.crash" in {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_opens_says_the_same_and_is_not_touched(file: Path) -> None:
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert golden_text(file) == file.with_suffix(".json").read_text(encoding="utf-8")
    reader = RecordingReader.open(file)
    info = reader.info()
    reader.close()
    assert info.closed
    assert not info.damage
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
