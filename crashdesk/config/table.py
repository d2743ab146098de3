"""Reading users' TOML: values are taken by name through checks; what is wrong becomes a `Problem`, the rest is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from crashdesk.config.checks import BadValueError, Check, a_list, a_table, kind_of
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem
from crashdesk.model.text import clean

T = TypeVar("T")

MAX_BYTES = 4_000_000
"""No file that a person keeps is larger."""

UNKNOWN_KEY = "unknown key"
"""What a `Problem` says of a key that its table does not have."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Table:
    """One TOML table of a file. `take` its keys, then `finish`; problems go to the list that was given."""

    def __init__(self, raw: dict[str, object], file: Path, problems: list[Problem], key: str = "") -> None:
        self._raw = raw
        self._file = file
        self._problems = problems
        self._key = key
        self._taken: list[str] = []

    def take(self, name: str, check: Check[T], default: T) -> T:
        """The value of `name` through `check`; `default` when it is missing or, with a problem, wrong."""
        self._taken.append(name)
        if name not in self._raw:
            return default
        try:
            return check(self._raw[name])
        except BadValueError as bad:
            self.problem(name, str(bad), bad.hint)
            return default

    def require(self, name: str, check: Check[T]) -> T | None:
        """Like `take`, but a missing key is a problem too and None stands for both."""
        if name not in self._raw:
            self._taken.append(name)
            self.problem(name, "is missing")
            return None
        return self.take(name, check, None)

    def table(self, name: str) -> Table:
        """The table under `name`; an empty one when it is missing or, with a problem, not a table."""
        return self._below(self.take(name, a_table, {}), self.dotted(name))

    def tables(self, name: str) -> list[Table]:
        """The array of tables under `name` ([[name]]), those that are tables."""
        rows: list[object] = self.take(name, a_list, [])
        found = []
        for index, row in enumerate(rows):
            place = f"{name}[{index}]"
            if isinstance(row, dict):
                found.append(self.inside(place, row))
            else:
                self.problem(place, f"must be a table, is {kind_of(row)}", f"write [[{name}]]")
        return found

    def inside(self, place: str, raw: dict[str, object]) -> Table:
        """A table of a list of this one, at `place` such as `rows[2]`."""
        return self._below(raw, self.dotted(place))

    def _below(self, raw: dict[str, object], key: str) -> Table:
        return Table(raw, self._file, self._problems, key)

    def has(self, name: str) -> bool:
        """Whether the table has the key."""
        return name in self._raw

    def names(self) -> list[str]:
        """The keys of the table, in the order of the file."""
        return list(self._raw)

    def dotted(self, name: str) -> str:
        """The full name of a key of this table, quoted as TOML wants it."""
        shown = name if _BARE_KEY.fullmatch(name) or name.endswith("]") else f'"{clean(name, 60)}"'
        return f"{self._key}.{shown}" if self._key else shown

    def problem(self, name: str, what: str, hint: str = "") -> None:
        """Note a problem with a key of this table."""
        self._problems.append(Problem(self._file, self.dotted(name), what, hint))

    def finish(self) -> None:
        """Keys that nobody took are unknown: note them."""
        for name in self._raw:
            if name not in self._taken:
                self.problem(name, UNKNOWN_KEY, did_you_mean(name, self._taken))


def read_toml(file: Path, problems: list[Problem], at_most: int = MAX_BYTES) -> dict[str, object] | None:
    """What a TOML file holds, or None with a problem (no such file, unreadable, not UTF-8, bad TOML with its line)."""
    text = read_text(file, problems, at_most)
    return parse_toml(text, file, problems) if text is not None else None


def read_text(file: Path, problems: list[Problem], at_most: int = MAX_BYTES) -> str | None:
    """A user's file of text of `at_most` bytes, or None with a problem."""
    try:
        if file.is_fifo():
            problems.append(Problem(file, "", "is a pipe", "settings are read from a file"))
            return None
        with file.open("rb") as stream:
            data = stream.read(at_most + 1)
    except OSError as error:
        problems.append(Problem(file, "", (error.strerror or str(error)).lower(), ""))
        return None
    if len(data) > at_most:
        size = f"{at_most // 1_000_000} MB" if at_most >= 1_000_000 else f"{at_most // 1_000} kB"
        problems.append(Problem(file, "", f"larger than {size}", "this is no file of crashdesk's"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file, "", f"not UTF-8 text (line {line})", "save it as UTF-8"))
    return None


def parse_toml(text: str, file: Path, problems: list[Problem]) -> dict[str, object] | None:
    """What TOML text of `file` holds, or None with a problem."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(file, "", f"bad TOML: {clean(str(error), 200)}", "the whole file was left out"))
    except (RecursionError, ValueError):
        # tomllib lets both through: arrays in arrays without end, whole numbers of thousands of digits
        problems.append(
            Problem(file, "", "bad TOML: nested too deeply or a number too long", "the whole file was left out")
        )
    return None
