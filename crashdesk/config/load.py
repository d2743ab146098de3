"""The settings of a desk: (settings, problems). Without a file they are the usual ones, and nothing is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.config.known import EXCHANGES
from crashdesk.config.settings import Problem, Settings, VenueSettings

if TYPE_CHECKING:
    from crashdesk.config.versions import Step

DEFAULT_VENUES = tuple(VenueSettings(name=name, exchange=name) for name in EXCHANGES)
DEFAULT_SETTINGS = Settings(venues=DEFAULT_VENUES)


def load_settings(
    file: Path | None, environment: Mapping[str, str], steps: Sequence[Step] | None = None
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings in `file`, defaults where it says nothing, and what is wrong in it; None means no file, no problem.

    A `~` in a path is `HOME` of `environment`; relative paths start at the file's folder. A file of an older version is
    read as `steps` make it (None: as those that there are).
    """
    if file is None:
        return DEFAULT_SETTINGS, ()
    from crashdesk.config.settings_file import read_settings
    from crashdesk.config.table import UNKNOWN_KEY, Table
    from crashdesk.config.versions import STEPS, read_config

    problems: list[Problem] = []
    raw = read_config(file, problems, STEPS if steps is None else steps)
    if raw is None:
        return DEFAULT_SETTINGS, tuple(problems)
    settings = read_settings(Table(raw, file, problems), file, problems, environment)
    if any(problem.what == UNKNOWN_KEY for problem in problems):
        from crashdesk.config.homes import with_homes

        problems = with_homes(problems)
    return settings, tuple(problems)
