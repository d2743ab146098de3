"""Commands and files for the tests of bad input."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crashdesk.recording.format import FIRST_OFFSET, Header
from crashdesk.recording.frames import FrameFile

Run = Callable[..., tuple[int, str, str]]


READERS = [("brief",), ("replay",), ("doctor",), ("snapshots", "info")]


LIMIT_S = 60


NOWHERE = '[venues.okx]\napi_url = "http://127.0.0.1:1"\nws_url = "ws://127.0.0.1:1"\n'


FULL = Path("/dev/full")


def one_sentence(err: str) -> str:
    """The only line on standard error, fit for a terminal."""
    assert err.startswith("crashdesk: ")
    assert err.endswith("\n")
    assert err[:-1].isprintable()
    return err


def frames(path: Path) -> list[Header]:
    file = FrameFile(path)
    found = []
    offset = FIRST_OFFSET
    while (header := file.header(offset)) is not None:
        found.append(header)
        offset = header.end
    file.close()
    return found


def database(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table a (b)")
    base.close()


def itself(path: Path) -> None:
    path.symlink_to(path.name)


def shell(words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/bash", "-c", words], capture_output=True, text=True, timeout=LIMIT_S, check=False)


PROGRAM = f"{sys.executable} -m crashdesk"
