"""The versions of config.toml: a file of an older one is read as the newest one, step by step, and never touched.

A step makes a table of version n one of version n + 1, in place: a plain dict when a file is read, a document of
tomlkit when it is rewritten, so that both become the same. It may only add, take out and set keys.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from crashdesk.config.checks import BadValueError, whole
from crashdesk.config.settings import Problem
from crashdesk.config.table import read_toml

Document = MutableMapping[str, Any]
Step = Callable[[Document], None]

STEPS: tuple[Step, ...] = ()
"""The first one leads from version 1 to version 2. Every change that an older crashdesk would misread needs one."""
VERSION_KEY = "version"
FIRST = 1
"""What a file has that does not name its version."""
a_version = whole(FIRST, 1_000_000)


class NewerVersionError(BadValueError):
    """A file that is written for a newer crashdesk: what it means is not known."""


def newest(steps: Sequence[Step] = STEPS) -> int:
    """The version that is written."""
    return FIRST + len(steps)


def version_of(raw: Document, steps: Sequence[Step] = STEPS) -> int:
    """The version of a file. Raises BadValueError for what is no version, NewerVersionError for one to come."""
    version = a_version(raw.get(VERSION_KEY, FIRST))
    if version > newest(steps):
        raise NewerVersionError(
            f"is written for a newer crashdesk: version {version}, this one reads up to {newest(steps)}",
            "update crashdesk; until then the whole file is left out",
        )
    return version


def upgrade(document: Document, steps: Sequence[Step] = STEPS) -> None:
    """Make `document` one of the newest version, in place. Raises BadValueError, see `version_of`."""
    for step in steps[version_of(document, steps) - FIRST :]:
        step(document)
        document[VERSION_KEY] = document.get(VERSION_KEY, FIRST) + 1


def upgraded(raw: Document, steps: Sequence[Step] = STEPS) -> Document:
    """`raw` as the newest version has it; `raw` itself stays as it is. Raises BadValueError, see `version_of`."""
    if version_of(raw, steps) == newest(steps):
        return raw
    copy = deepcopy(raw)
    upgrade(copy, steps)
    return copy


def read_config(file: Path, problems: list[Problem], steps: Sequence[Step] = STEPS) -> dict[str, object] | None:
    """What a config.toml holds, as the newest version has it; None with a problem when it can't be read.

    With a version that is none it is read as one of the newest.
    """
    raw = read_toml(file, problems)
    if raw is None:
        return None
    try:
        return dict(upgraded(raw, steps))
    except NewerVersionError as newer:
        problems.append(Problem(file, "", str(newer), newer.hint))
        return None
    except BadValueError:
        return raw  # whoever takes the key says what is wrong with it
