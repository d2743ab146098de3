"""Going to a time gives the same state as playing there, in all of its parts and in everything that is made of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from crashdesk.model.records import Batch, Liquidation
from crashdesk.recording.reader import RecordingReader
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


def _is_burst(batch: Batch) -> bool:
    return len(batch.records) > 100 and isinstance(batch.records[0], Liquidation)


def test_the_comparison_sees_what_differs(tape: Path) -> None:
    """One millisecond before a burst is not the burst."""
    reader = RecordingReader.open(tape)
    frames = [batch for _, batch in reader.batches(reader.first_offset) if _is_burst(batch)]
    at_ms = frames[-1].recv_ms
    one, other = player_on(tape, all_kinds.OWN), player_on(tape, all_kinds.OWN)
    one.seek(at_ms)
    other.seek(at_ms - 1)
    told = {line.split(":")[0] for line in differences(facts(one.state), facts(other.state))}
    assert {"now_ms", "folded", "rows", "totals 3", "liquidations 24h", "feed 1h", "brief equal"} <= told
