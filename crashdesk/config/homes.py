"""Where a key of config.toml belongs that stands in a table that has none of that name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crashdesk.config.settings import Problem
from crashdesk.config.table import UNKNOWN_KEY
from crashdesk.config.taken import NAMED, taken_keys


def with_homes(problems: Iterable[Problem]) -> list[Problem]:
    """The problems; the hint of an unknown key that other tables have names those tables, too."""
    homes: dict[str, list[str]] = {}
    for key in taken_keys():
        named = homes.setdefault(key.name, [])
        if key.table and key.table not in named:
            named.append(key.table)
    return [_with_home(problem, homes) for problem in problems]


def _with_home(problem: Problem, homes: Mapping[str, Sequence[str]]) -> Problem:
    table, _, name = problem.key.rpartition(".")
    first = table.partition(".")[0]
    own, found = f"{first}.NAME" if first in NAMED else table, homes.get(name)
    # a table whose kind has such a key has none because of something else in it, as an alert its kind
    if problem.what != UNKNOWN_KEY or not found or own in found:
        return problem
    under = "under " + " or ".join(f"[{home}]" for home in found)
    near = problem.hint.removesuffix("?")  # a near name in the table itself is as likely
    return problem._replace(
        hint=f"{near}, or does it belong {under}?" if near != problem.hint else f"it belongs {under}"
    )
