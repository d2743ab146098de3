"""What the desk remembers of the last time, in a file of its own: choices made with keys, not settings."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.atomic import write_atomic
from crashdesk.config.checks import text
from crashdesk.config.paths import ensure_dir
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml

_HEAD = "# Written by the desk: what was chosen last. Settings are in config.toml, which comes before this.\n"


class Remembered(NamedTuple):
    """What was chosen last; empty where nothing was. `columns` of the tickers are names with blanks between."""

    theme: str = ""
    welcomed: str = ""
    layout: str = ""
    columns: str = ""
    group: str = ""


def load_remembered(file: Path) -> Remembered:
    """What is in the file. What can't be used there is as if it had not been chosen: the next choice replaces it."""
    ignored: list[Problem] = []
    if not file.exists():
        return Remembered()
    table = Table(read_toml(file, ignored, 10_000) or {}, file, ignored)
    return Remembered(*(table.take(name, text, "") for name in Remembered._fields))


def remember(file: Path, change: Callable[[Remembered], Remembered]) -> None:
    """Put `change(what is in the file)` into it. Raises OSError or CrashdeskError."""
    before = load_remembered(file)
    after = change(before)
    if after != before:
        import tomli_w

        ensure_dir(file.parent)
        chosen = {name: value for name, value in after._asdict().items() if value}
        write_atomic(file, _HEAD + tomli_w.dumps(chosen))
