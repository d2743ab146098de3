"""A TOML file of the user's own rows (levels, notes), shared by every desk that runs: read, change, write as one step.

A file with anything wrong in it is never written over: what can't be read would be lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml
from crashdesk.model.errors import CrashdeskError

T = TypeVar("T")

Row = dict[str, str | int | float]
"""One row as TOML holds it."""

LOCK_SECONDS = 2.0
_RETRY_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class UserFile(Generic[T]):
    """How rows of one kind are kept: `[[name]]` tables, read by `decode` (None: a problem was noted), made by `encode`.

    `identity` is what may be in the file once only.
    """

    name: str
    decode: Callable[[Table], T | None]
    encode: Callable[[T], Row]
    identity: Callable[[T], str]

    def load(self, path: Path) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
        """The rows that are right, in the order of the file, and what is wrong with the others; no file, no rows."""
        problems: list[Problem] = []
        if not path.exists() and not path.is_symlink():
            return (), ()
        raw = read_toml(path, problems)
        rows = self._rows(raw, path, problems) if raw is not None else ()
        return rows, tuple(problems)

    def edit(self, path: Path, change: Callable[[tuple[T, ...]], tuple[T, ...]]) -> tuple[T, ...]:
        """Put `change(rows of the file)` into the file, under a lock against other desks; returns the new rows.

        Raises CrashdeskError when the file has a problem (it stays as it is), the lock is held for long, or the disk
        refuses.
        """
        ensure_dir(path.parent)
        try:
            with _locked(path.with_name(f".{path.name}.lock")):
                rows, problems = self.load(path)
                if problems:
                    raise CrashdeskError(f"not saved, the file has a mistake to mend first: {problems[0]}")
                changed = change(rows)
                if changed != rows:
                    write_atomic(path, self._toml(changed, path))
                return changed
        except OSError as error:
            raise CrashdeskError(f"{path}: not saved: {(error.strerror or str(error)).lower()}") from error

    def _rows(self, raw: dict[str, object], path: Path, problems: list[Problem]) -> tuple[T, ...]:
        table = Table(raw, path, problems)
        rows: dict[str, T] = {}
        for row_table in table.tables(self.name):
            row = self.decode(row_table)
            row_table.finish()
            if row is not None and self.identity(row) in rows:
                row_table.problem("id", "an earlier row has the same id", "give each its own")
            elif row is not None:
                rows[self.identity(row)] = row
        table.finish()
        return tuple(rows.values())

    def _toml(self, rows: tuple[T, ...], path: Path) -> str:
        """The file's text, which `load` is sure to take. Raises CrashdeskError for a row that it would not."""
        import tomli_w

        raw: dict[str, object] = {self.name: [self.encode(row) for row in rows]}
        problems: list[Problem] = []
        self._rows(raw, path, problems)
        if problems:
            raise CrashdeskError(f"not saved: {problems[0]}")
        return f"# The {self.name} of crashdesk, one [[{self.name}]] each. Comments are not kept.\n\n" + tomli_w.dumps(
            raw
        )


@contextlib.contextmanager
def _locked(lock_file: Path) -> Iterator[None]:
    """Hold the lock. Raises CrashdeskError when another process holds it for longer than `LOCK_SECONDS`."""
    handle = os.open(lock_file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise CrashdeskError(f"{lock_file}: held by another crashdesk; nothing was saved, try again")
            time.sleep(_RETRY_SECONDS)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
