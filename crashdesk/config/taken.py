"""Which keys the loader of config.toml takes: found by loading a file that has a table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from crashdesk.config.alert_settings import AlertKind
from crashdesk.config.checks import Check, a_table
from crashdesk.config.settings import Problem
from crashdesk.config.settings_file import read_settings
from crashdesk.config.table import Table

T = TypeVar("T")

NAMED = ("venues", "alerts", "series", "layouts")
"""Tables of tables, called as the user likes."""
_NOWHERE = Path("/nonexistent/config.toml")


class Taken(NamedTuple):
    """A key as the loader takes it. `table` is as in `venues.NAME`, `variant` the table that it was found in."""

    table: str
    variant: str
    name: str
    check: Callable[[object], object]
    default: object
    required: bool = False

    @property
    def dotted(self) -> str:
        """As a problem names it, with NAME for what the user chooses."""
        return f"{self.table}.{self.name}" if self.table else self.name


class _Listening(Table):
    """A table that notes what is taken of it."""

    def __init__(self, raw: dict[str, object], file: Path, problems: list[Problem], key: str, taken: list[Taken]):
        super().__init__(raw, file, problems, key)
        self._place = key
        self._list = taken

    def take(self, name: str, check: Check[T], default: T) -> T:
        """As ever, and noted."""
        self._note(name, check, default, required=False)
        return super().take(name, check, default)

    def require(self, name: str, check: Check[T]) -> T | None:
        """As ever, and noted."""
        self._note(name, check, None, required=True)
        return super().require(name, check)

    def _note(self, name: str, check: Check[T], default: T | None, *, required: bool) -> None:
        if check is a_table:
            return
        first, _, variant = self._place.partition(".")
        table = f"{first}.NAME" if first in NAMED else self._place
        self._list.append(Taken(table, variant, name, check, default, required))

    def _below(self, raw: dict[str, object], key: str) -> Table:
        return _Listening(raw, self._file, self._problems, key, self._list)


def taken_keys() -> tuple[Taken, ...]:
    """Every key, in the order in which they are read; one of alerts for each kind that has it."""
    raw: dict[str, object] = {
        "venues": {"okx": {}},
        "alerts": {kind.value: {"kind": kind.value} for kind in AlertKind},
        "series": {"name": {}},
        "layouts": {"name": {"rows": [{"pane": "chart"}]}},
    }
    problems: list[Problem] = []
    taken: list[Taken] = []
    read_settings(_Listening(raw, _NOWHERE, problems, "", taken), _NOWHERE, problems, {})
    found: dict[tuple[str, str], Taken] = {}
    for key in taken:
        found.setdefault((key.dotted, key.variant if key.table == "alerts.NAME" else ""), key)
    return tuple(found.values())
