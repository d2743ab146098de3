"""Going to a time gives the same state as playing there, in all of its parts and in everything that is made of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crashdesk.recording.reader import RecordingReader
from crashdesk.session.focus import Own
from tests.session import all_kinds
from tests.session.seek_moments import moments, player_on, wrong_seeks
from tests.session.state_facts import differences, facts

COUNT = 14
"""The full number is for `python -m tests.torture --only seek`."""


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds") / "kinds.crash"
    all_kinds.write(path)
    return path


def test_all_kinds_of_records(tape: Path) -> None:
    dice = random.Random(21)
    times = moments(RecordingReader.open(tape), dice, COUNT)
    assert list(wrong_seeks(tape, all_kinds.OWN, times, dice)) == []


def test_the_scenario(november_file: Path) -> None:
    dice = random.Random(22)
    reader = RecordingReader.open(november_file)
    times = [at_ms for at_ms in moments(reader, dice, 2 * COUNT) if at_ms >= reader.end_ms - 3_600_000]
    assert list(wrong_seeks(november_file, Own(), times, dice)) == []


def test_the_comparison_sees_what_differs(tape: Path) -> None:
    """One millisecond before a burst is not the burst."""
    reader = RecordingReader.open(tape)
    at_ms = max((len(batch.records), batch.recv_ms) for _, batch in reader.batches(reader.first_offset))[1]
    one, other = player_on(tape, all_kinds.OWN), player_on(tape, all_kinds.OWN)
    one.seek(at_ms)
    other.seek(at_ms - 1)
    told = {line.split(":")[0] for line in differences(facts(one.state), facts(other.state))}
    assert {"now_ms", "folded", "rows", "totals 3", "liquidations 24h", "feed 1h", "brief equal"} <= told
