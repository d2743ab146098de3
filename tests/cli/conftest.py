"""A recording of an hour, and commands that are run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.cli.main import main
from tests.cli.bad_input import Run
from tests.session import market_tape


@pytest.fixture(scope="module")
def tape_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, hours=1)
    return path.read_bytes()


@pytest.fixture
def tape(tape_bytes: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "tape.crash"
    path.write_bytes(tape_bytes)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(word) for word in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call
