"""A TOML file of the user's own rows (levels, notes), shared by every desk that runs: read, change, write as one step.

What the user wrote in it stays as it is: rows that do not change, and comments. A file with anything wrong in it is
never written over: what can't be read would be lost.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from crashdesk.config.atomic import write_atomic
from crashdesk.config.file_lock import locked
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Problem
from crashdesk.config.table import MAX_BYTES, Table, parse_toml, read_text
from crashdesk.config.toml_rows import Document, UnsplittableError, changed_text, has_comments, new_text
from crashdesk.model.errors import CrashdeskError

T = TypeVar("T")
Item = TypeVar("Item")


class UserFile(NamedTuple, Generic[T]):
    """How what is in a file is kept: tables read by `decode`, which notes problems, and made by `encode`.

    `key` are the keys of a row by which it is told from others; every row has them when it is made by `encode`.
    """

    name: str
    decode: Callable[[Table], T]
    encode: Callable[[T], Document]
    key: tuple[str, ...]

    def load(self, path: Path) -> tuple[T, tuple[Problem, ...]]:
        """What is right in the file, and what is wrong with the rest; no file is an empty one."""
        problems: list[Problem] = []
        text = _text(path, problems)
        return self._parsed(text, path, problems), tuple(problems)

    def edit(self, path: Path, change: Callable[[T], T]) -> T:
        """Put `change(what is in the file)` into the file, under a lock against other desks; returns what it holds now.

        Raises CrashdeskError when the file has a problem (it stays as it is), the lock is held for long, or the disk
        refuses.
        """
        ensure_dir(path.parent)
        try:
            with locked(path.with_name(f".{path.name}.lock")):
                problems: list[Problem] = []
                text = _text(path, problems)
                before = self._parsed(text, path, problems)
                if problems:
                    raise CrashdeskError(f"not saved, the file has a mistake to mend first: {problems[0]}")
                after = self._readable(change(before), path)
                if self.encode(after) != self.encode(before):
                    write_atomic(path, self._written(text, before, after, path))
                return after
        except OSError as error:
            raise CrashdeskError(f"{path}: not saved: {(error.strerror or str(error)).lower()}") from error

    def _parsed(self, text: str, path: Path, problems: list[Problem]) -> T:
        table = Table(parse_toml(text, path, problems) or {}, path, problems)
        found = self.decode(table)
        table.finish()
        return found

    def _readable(self, content: T, path: Path) -> T:
        """`content` as the file will give it back. Raises CrashdeskError for what it would not."""
        problems: list[Problem] = []
        found = self.decode(Table({**self.encode(content)}, path, problems))
        if problems:
            raise CrashdeskError(f"not saved: {problems[0]}")
        return found

    def _written(self, text: str, before: T, after: T, path: Path) -> bytes:
        """The file's new text, sure to hold `after`. Raises CrashdeskError when it can't be, or would be too large."""
        wanted = self.encode(after)
        for changed in self._ways(text, self.encode(before), wanted):
            data = changed.encode()
            if len(data) > MAX_BYTES:
                most = MAX_BYTES // 1_000_000
                raise CrashdeskError(f"{path}: not saved, it would be larger than {most} MB: remove some")
            if self._holds(changed, wanted, path):
                return data
        raise CrashdeskError(f"{path}: not saved, comments would be lost: give each row its own [[{self.name}]]")

    def _ways(self, text: str, before: Document, wanted: Document) -> Iterator[str]:
        """Texts that may hold `wanted`, those first that leave more as the user wrote it."""
        with contextlib.suppress(UnsplittableError):
            yield changed_text(text or self._head, before, wanted, self.key)
            yield changed_text(text, before, wanted, self.key, every_row=True)
        if not has_comments(text.removeprefix(self._head)):
            yield self._head + new_text(wanted)

    def _holds(self, text: str, wanted: Document, path: Path) -> bool:
        problems: list[Problem] = []
        return self.encode(self._parsed(text, path, problems)) == wanted and not problems

    @property
    def _head(self) -> str:
        return f"# The {self.name} of crashdesk, one [[{self.name}]] each. Yours to edit: comments stay.\n\n"


def unique_rows(
    table: Table, name: str, decode: Callable[[Table], Item | None], identity: Callable[[Item], str]
) -> tuple[Item, ...]:
    """The `[[name]]` rows that `decode` (None: a problem was noted) gives; two of one `identity` are a problem."""
    rows: dict[str, Item] = {}
    for row_table in table.tables(name):
        row = decode(row_table)
        row_table.finish()
        if row is not None and identity(row) in rows:
            row_table.problem("id", "an earlier row has the same id", "give each its own")
        elif row is not None:
            rows[identity(row)] = row
    return tuple(rows.values())


def _text(path: Path, problems: list[Problem]) -> str:
    """The file's text; empty when there is no file or, with a problem, when it can't be read."""
    try:
        path.lstat()
    except FileNotFoundError:
        return ""
    except OSError:
        pass  # reading it says why
    return read_text(path, problems) or ""
