"""A short run of the fuzzer, the same files each time; `make torture` judges thousands of others."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crashdesk.recording.format import Kind, parse_header
from tests.torture.fuzz import home_in
from tests.torture.judge import Bench
from tests.torture.originals import write_originals
from tests.torture.payload_ops import change, hostile
from tests.torture.pieces import join, settle, split

FILES = 80
LANES = 4


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("originals")
    return Bench(2, write_originals(folder, scenario=False), home_in(folder / "home"))


@pytest.mark.parametrize("lane", range(LANES))
def test_spoiled_recordings_give_what_is_left_or_one_sentence(bench: Bench, lane: int) -> None:
    for number in range(lane, FILES, LANES):
        verdict = bench.judge(number)
        assert not verdict.fault, f"file {number} ({verdict.what}): {verdict.fault}"


def test_every_kind_of_frame_is_spoiled(tmp_path: Path) -> None:
    """Of each kind there is one to spoil, and what is made of it is another payload that its checksum confirms."""
    pieces = []
    for path in write_originals(tmp_path, scenario=False):
        data = path.read_bytes()
        preface, found = split(data)
        assert join(preface, found) == data
        assert join(preface, settle(found)) == data
        pieces += found
    with_payload = {piece.kind: piece for piece in pieces if piece.payload}
    # later kinds are only written in long or crowded recordings
    assert with_payload.keys() >= {kind for kind in Kind if kind < Kind.CLOSE} - {Kind.TICK}
    chance = random.Random(1)
    for piece in with_payload.values():
        spoiled = [hostile(piece, chance) for _ in range(20)]
        assert len({one.payload for one in spoiled}) > 5
        packed = [one.pack() for one in spoiled]
        assert all(parse_header(one, 0, 2**32) is not None for one in packed)
        assert all(zlib.crc32(one[40:]) == int.from_bytes(one[32:36], "little") for one in packed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=300), seed=st.integers(0, 10**6))
def test_any_bytes_can_be_changed(data: bytes, seed: int) -> None:
    assert isinstance(change(data, random.Random(seed)), bytes)
