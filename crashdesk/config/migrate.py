"""Rewriting a config.toml of an older version: comments and order stay, and the file as it was is kept beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.atomic import write_atomic
from crashdesk.config.checks import BadValueError
from crashdesk.config.settings import Problem
from crashdesk.config.table import parse_toml, read_text
from crashdesk.config.versions import STEPS, Step, newest, upgrade, upgraded, version_of
from crashdesk.model.errors import CrashdeskError


class Migrated(NamedTuple):
    """The version before and after; where the file as it was is kept, None when nothing had to be done."""

    before: int
    after: int
    kept: Path | None


def migrate(file: Path, steps: Sequence[Step] = STEPS) -> Migrated:
    """Make `file` one of the newest version, at once or not at all.

    Raises CrashdeskError when it can't be read, is of a version to come, or what was kept before would be lost, and
    OSError when the disk refuses.
    """
    text, raw = _read(file)
    try:
        before = version_of(raw, steps)
    except BadValueError as bad:
        raise CrashdeskError(str(Problem(file, "", str(bad), bad.hint))) from None
    if before == newest(steps):
        return Migrated(before, before, None)
    written = _rewritten(text, steps)
    if tomllib.loads(written) != upgraded(raw, steps):
        raise CrashdeskError(f"{file}: not rewritten, its comments would be lost (it is read as it is all the same)")
    kept = file.with_name(f"{file.name}.v{before}.bak")
    _keep(file, kept)
    write_atomic(file, written)
    return Migrated(before, newest(steps), kept)


def _read(file: Path) -> tuple[str, dict[str, object]]:
    problems: list[Problem] = []
    text = read_text(file, problems)
    raw = parse_toml(text, file, problems) if text is not None else None
    if text is None or raw is None:
        raise CrashdeskError(str(problems[0]))
    return text, raw


def _rewritten(text: str, steps: Sequence[Step]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    upgrade(document, steps)
    return tomlkit.dumps(document)


def _keep(file: Path, kept: Path) -> None:
    data = file.read_bytes()
    if kept.exists() and kept.read_bytes() != data:
        raise CrashdeskError(f"{kept}: is there already and holds something else; move it away first")
    write_atomic(kept, data)
