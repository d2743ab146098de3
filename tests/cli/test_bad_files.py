"""Every command that takes a file, with every file that is none of its: one sentence, at once, nothing touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from crashdesk.cli.main import main
from crashdesk.recording.format import MAGIC, PREFACE
from crashdesk.recording.version import FORMAT_VERSION
from tests.session import market_tape

LIMIT_S = 20
NOBODY = 65_534
HOMES = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR")
OUT = "OUT"
"""Stands for a new file; what is refused leaves none."""

READING: dict[str, tuple[str, ...]] = {
    "brief": ("brief", "FILE"),
    "brief at": ("brief", "FILE", "--at", "50%", "--format", "json"),
    "replay": ("replay", "FILE"),
    "doctor": ("doctor", "FILE"),
    "export": ("export", "FILE", "--what", "quotes"),
    "export to": ("export", "FILE", "--what", "summary", "--out", OUT),
    "export all": ("export", "FILE", "--what", "all", "--out", OUT),
    "info": ("snapshots", "info", "FILE"),
    "share": ("snapshots", "share", "FILE", "--out", OUT),
    "cut": ("snapshots", "cut", "FILE", "--from", "10%", "--to", "90%", "--out", OUT),
    "join first": ("snapshots", "join", "FILE", "GOOD", "--out", OUT),
    "join second": ("snapshots", "join", "GOOD", "FILE", "--out", OUT),
    "compact": ("snapshots", "compact", "FILE", "--out", OUT),
    "repair": ("snapshots", "repair", "FILE", "--out", OUT),
    "renormalise": ("snapshots", "renormalise", "FILE", "--out", OUT),
    "note": ("note", "a note", "--recording", "FILE"),
    "notes": ("notes", "list", "--recording", "FILE"),
}
"""Commands that read a recording."""

TAKING: dict[str, tuple[str, ...]] = {
    "import liquidations": ("import", "--liquidations", "FILE.csv", "--venue", "okx", "--out", OUT),
    "import json lines": ("import", "--liquidations", "FILE.ndjson", "--venue", "okx", "--out", OUT),
    "import candles": ("import", "--candles", "FILE.csv", "--venue", "okx", "--timeframe", "1m", "--out", OUT),
    "import parquet": ("import", "--candles", "FILE.parquet", "--venue", "okx", "--timeframe", "1m", "--out", OUT),
    "import folder": ("import", "FILE", "--out", OUT),
    "import notes": ("notes", "import", "FILE.csv", "--recording", "GOOD"),
    "import notes as json": ("notes", "import", "FILE.json", "--recording", "GOOD"),
    "import levels": ("levels", "import", "FILE.csv"),
    "import levels as toml": ("levels", "import", "FILE.toml"),
}
"""Commands that take another file in."""


def _database(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table dolphie (replay)")
        base.execute("insert into dolphie values (1)")
    base.close()


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may not be long
        try:
            one.bind(path.name)
        finally:
            os.chdir(before)


BAD: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "socket": _socket,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "loop": lambda path: path.symlink_to(path.name),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "empty": Path.touch,
    "text": lambda path: path.write_text("hello world\n" * 50),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 400),
    "database": _database,
    "preface alone": lambda path: path.write_bytes(PREFACE.pack(MAGIC, FORMAT_VERSION)),
    "newer": lambda path: path.write_bytes(PREFACE.pack(MAGIC, FORMAT_VERSION + 1) + b"x" * 99),
}
NEVER_BEGUN = {"missing", "empty", "preface alone"}
"""What `record` makes a recording of."""


class Place(NamedTuple):
    """The folder of the bad file, where nothing may change, and one for what is made."""

    file: Path
    good: Path
    out: Path

    def words(self, template: tuple[str, ...]) -> list[str]:
        """A command line."""
        known = {"FILE": self.file, "GOOD": self.good, OUT: self.out / "new.crash"}
        return [str(known.get(word, self.file if word.startswith("FILE") else word)) for word in template]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.crash"
    market_tape.write(path, hours=0.2)
    return path


@pytest.fixture
def place(tmp_path: Path, good: Path) -> Place:
    (tmp_path / "there").mkdir()
    (tmp_path / "out").mkdir()
    return Place(tmp_path / "there" / "a.crash", good, tmp_path / "out")


@contextmanager
def at_once() -> Iterator[None]:
    """A command that waits for something fails."""

    def late(number: int, frame: object) -> None:
        raise AssertionError(f"more than {LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def prints(folder: Path) -> dict[str, object]:
    """What is in a folder."""
    found: dict[str, object] = {}
    for path in sorted(folder.iterdir()):
        kind = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(kind.st_mode) else None
        found[path.name] = (kind.st_mode, kind.st_size, kind.st_mtime_ns, content)
    return found


def refused(place: Place, words: list[str], capsys: pytest.CaptureFixture[str], *code: int) -> str:
    """Run it; the sentence it is refused with."""
    before = prints(place.file.parent)
    capsys.readouterr()
    with at_once():
        got = main(words)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("crashdesk: ")
    assert err.endswith("\n")
    assert err[:-1].isprintable(), "one line"
    assert got in code, err
    assert prints(place.file.parent) == before, "nothing beside it, nothing in it"
    assert list(place.out.iterdir()) == [], "nothing is made of it"
    return err


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_recording_is_refused_by_every_reader(
    place: Place, capsys: pytest.CaptureFixture[str], bad: str, command: str
) -> None:
    BAD[bad](place.file)
    assert str(place.file) in refused(place, place.words(READING[command]), capsys, 1)


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_recording_is_never_recorded_into(
    place: Place, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    if bad in NEVER_BEGUN or bad == "dangling":
        pytest.skip("there a recording begins")
    BAD[bad](place.file)
    code = 2 if bad == "folder" else 1
    assert str(place.file) in refused(place, ["record", "--out", str(place.file), "--for", "1s"], capsys, code)


@pytest.mark.parametrize("command", TAKING)
@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_table_is_not_taken_in(
    place: Place, capsys: pytest.CaptureFixture[str], bad: str, command: str
) -> None:
    template = TAKING[command]
    if "parquet" in command:
        pytest.importorskip("pyarrow")
    suffix = next((Path(word).suffix for word in template if word.startswith("FILE")), "")
    place = place._replace(file=place.file.with_suffix(suffix or ".crash"))
    BAD[bad](place.file)
    assert str(place.file) in refused(place, place.words(template), capsys, 1, 2)


@pytest.fixture
def elsewhere(good: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A recording in a folder that anybody may look into, and a home of their own for who is nobody."""
    with tempfile.TemporaryDirectory(prefix="crashdesk-bad-") as name:
        folder = Path(name)
        (folder / "there").mkdir()
        path = folder / "there" / "a.crash"
        shutil.copy(good, path)
        folder.chmod(0o755)
        for variable in ("HOME", *(f"XDG_{kind}" for kind in HOMES)):
            home = folder / variable
            home.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(home, NOBODY, NOBODY)
            monkeypatch.setenv(variable, str(home))
        yield path
        (folder / "there").chmod(0o755)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, who may do everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if before == 0:
            os.seteuid(before)


ONLY_READING = ("brief", "replay", "doctor", "export", "info", "note", "notes")


@pytest.mark.parametrize("command", ONLY_READING)
@pytest.mark.parametrize("whose", ["read-only folder", "another user's"])
def test_a_recording_that_may_only_be_read_is_read(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], whose: str, command: str
) -> None:
    elsewhere.chmod(0o444)
    elsewhere.parent.chmod(0o555)
    if whose == "another user's" and os.geteuid() == 0:
        os.chown(elsewhere, NOBODY - 1, NOBODY - 1)
    before = prints(elsewhere.parent)
    with as_nobody(), at_once():
        code = main(Place(elsewhere, elsewhere, elsewhere.parent).words(READING[command]))
    out, err = capsys.readouterr()
    assert code == 0, err
    assert "Traceback" not in out + err
    assert prints(elsewhere.parent) == before


@pytest.mark.parametrize("command", [*ONLY_READING, "record"])
def test_a_recording_that_may_not_even_be_read_is_told(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    elsewhere.chmod(0)
    before = elsewhere.stat()
    template = READING.get(command, ("record", "--out", "FILE", "--for", "1s"))
    with as_nobody(), at_once():
        code = main(Place(elsewhere, elsewhere, elsewhere.parent).words(template))
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert f"{elsewhere} cannot be " in err
    assert err.endswith(": Permission denied\n")
    assert elsewhere.stat() == before


def test_nothing_is_recorded_into_a_recording_that_may_only_be_read(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere.chmod(0o444)
    elsewhere.parent.chmod(0o555)
    before = prints(elsewhere.parent)
    for name in ("a.crash", "new.crash", "new/a.crash"):
        with as_nobody(), at_once():
            code = main(["record", "--out", str(elsewhere.parent / name), "--for", "1s"])
        out, err = capsys.readouterr()
        assert (code, out) == (1, ""), name
        assert err.count("\n") == 1
        assert "permission denied" in err.lower()
    assert prints(elsewhere.parent) == before
