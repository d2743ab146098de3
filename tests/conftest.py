"""Every test runs with a home of its own, no user configuration and a clock that stands still."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.november import november_recording

REALDATA_VARIABLE = "CRASHDESK_REALDATA"


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until a test moves it."""

    ms: int

    def now_ms(self) -> int:
        return self.ms


@pytest.fixture(autouse=True)
def hermetic_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home; returns it. Child processes inherit it."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("CRASHDESK_", "XDG_")) and name != REALDATA_VARIABLE:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for variable, folder in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
    ):
        (home / folder).mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(home / folder))
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return home


@pytest.fixture
def realdata() -> Path:
    """The folder of real market data that `CRASHDESK_REALDATA` names; the test is skipped without it."""
    folder = os.environ.get(REALDATA_VARIABLE)
    if not folder:
        pytest.skip(f"{REALDATA_VARIABLE} is not set")
    path = Path(folder)
    assert path.is_dir(), f"{REALDATA_VARIABLE} names no folder: {path}"
    return path


@pytest.fixture
def fixed_clock() -> FixedClock:
    """2025-11-04 03:12:44 UTC."""
    return FixedClock(1_762_225_964_000)


@pytest.fixture(scope="session")
def november_file(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The recording of the built-in scenario november-2025 (shared by test processes)."""
    base = tmp_path_factory.getbasetemp()
    return november_recording(base if worker_id == "master" else base.parent)
