"""A recording is one plain file: nothing lies beside it, nobody who reads it changes anything."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording.samples import START, day, kill, session, write_day

Look = dict[str, tuple[str, int, int, int]]
NOBODY = 65_534


def look(folder: Path) -> Look:
    """All names in a folder, with the bytes, modes and times of change (of content and of inode) of each."""
    found: Look = {}
    for path in [folder, *folder.rglob("*")]:
        info = path.lstat()
        body = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (body, info.st_mode, info.st_mtime_ns, info.st_ctime_ns)
    return found


def use(path: Path) -> int:
    """Read everything there is to read; how many records were played."""
    reader = RecordingReader.open(path)
    try:
        played = sum(len(batch.records) for _, batch in reader.batches(reader.first_offset))
        for chunk in reader.restore(reader.end_ms).chunks:
            chunk.load_liquidations()
        assert not reader.refresh()
        assert reader.successor() is None
        assert reader.info().damage == ()
        reader.marks()
        reader.minute_totals()
    finally:
        reader.close()
    return played


def as_nobody(path: Path) -> str:
    """What another user meets who reads it, in a process of its own: `read`, or the error."""
    use(path)  # whatever is imported late, is now
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = "the user could not be changed"
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            said = "read" if use(path) > 100 else "not much"
        except BaseException as error:  # noqa: BLE001 - the other process tells it
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(write, said.encode())
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as stream:
        return stream.read().decode()


def killed(path: Path) -> None:
    """A recording of a recorder that was killed in the middle of a frame."""
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    for now, rows in day(3, START, 200):
        writer.append(rows, now)
    kill(writer)
    with path.open("ab") as file:
        file.write(path.read_bytes()[16:70])


@pytest.fixture(params=["closed", "killed"])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    path = folder / "a.crash"
    if request.param == "closed":
        write_day(path, 200)
    else:
        killed(path)
    return path


def test_a_clean_close_leaves_one_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START - 10)
    for now, rows in day(3, START, 200):
        writer.append(rows, now)
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.crash"]
    writer.close(START + 1_000_000)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.crash"]
    assert path.stat().st_mode & 0o7777 == 0o600
    assert path.stat().st_nlink == 1
    assert RecordingReader.open(path).info().closed


def test_reading_changes_nothing(recording: Path) -> None:
    before = look(recording.parent)
    assert use(recording) > 100
    assert look(recording.parent) == before


def test_three_read_one_that_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.crash"
    writer = RecordingWriter.open(path, session(), START - 10, fsync=False)
    readers = [RecordingReader.open(path) for _ in range(3)]
    places, seen = [reader.first_offset for reader in readers], [0, 0, 0]
    written = 1
    for step, (now, rows) in enumerate(day(3, START, 300)):
        writer.append(rows, now)
        written += len({type(row) for row in rows})
        turn = step % 3
        readers[turn].refresh()
        for place, batch in readers[turn].batches(places[turn]):
            places[turn] = place
            seen[turn] += bool(batch.records)
    size = path.stat().st_size
    for turn, reader in enumerate(readers):
        reader.refresh()
        seen[turn] += sum(bool(batch.records) for _, batch in reader.batches(places[turn]))
    assert path.stat().st_size == size
    writer.close(START + 10_000_000)
    whole = RecordingReader.open(path)
    assert seen == [sum(bool(batch.records) for _, batch in whole.batches(whole.first_offset))] * 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.crash"]


@contextlib.contextmanager
def read_only(path: Path) -> Iterator[None]:
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        yield
    finally:
        path.parent.chmod(0o755)


def test_a_read_only_file_in_a_read_only_folder_opens(recording: Path) -> None:
    with read_only(recording):
        before = look(recording.parent)
        assert use(recording) > 100
        assert look(recording.parent) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_s_file_opens_and_one_that_may_not_be_read_is_a_sentence(recording: Path) -> None:
    for folder in recording.parents:
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    with read_only(recording):
        before = look(recording.parent)
        assert as_nobody(recording) == "read"
        assert look(recording.parent) == before
    recording.chmod(0o600)
    before = look(recording.parent)
    assert as_nobody(recording) == f"RecordingError: {recording} cannot be opened: Permission denied"
    assert look(recording.parent) == before
