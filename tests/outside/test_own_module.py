"""What lies in the folder in which crashdesk is started is not run by its processes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import crashdesk
from crashdesk.outside.own_module import own_module

SOURCES = Path(crashdesk.__file__).parents[1]


@pytest.mark.parametrize("module", ["crashdesk", "crashdesk.analytics.find_levels", "crashdesk.outside.news_child"])
def test_modules_of_the_working_directory_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    for name in ("json", "argparse", "threading", "crashdesk"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(77)\n")
    monkeypatch.chdir(tmp_path)
    arguments = ("--version",) if module == "crashdesk" else ()
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    ended = subprocess.run(own_module(module, *arguments), env=environment, input=b"", capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_sources_themselves_are_found_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SOURCES)
    assert "-P" not in own_module("crashdesk")


def test_a_working_directory_that_is_gone_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "-P" in own_module("crashdesk")
