"""The scenarios that ship with crashdesk: one TOML file each, of which only the head is read here."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.near import did_you_mean
from crashdesk.model.errors import UsageError
from crashdesk.model.text import clean
from crashdesk.model.timeframe import HOUR_MS

LABEL = "RECONSTRUCTION"


class Scenario(NamedTuple):
    """A reconstruction of a crash, named.

    `start_ms` and `end_ms` are UTC ms; `demo` opens at `demo_from_ms` at `demo_speed` times the market's pace. A
    recording that was built with another `version` is rebuilt.
    """

    name: str
    title: str
    label: str
    start_ms: int
    end_ms: int
    demo_from_ms: int
    demo_speed: int
    sources: tuple[str, ...]
    version: int


def description_file(name: str) -> Path:
    """Where the description of a scenario lies."""
    return Path(__file__).with_name(f"{name}.toml")


def utc_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime without fractions of a millisecond."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def scenario_names() -> tuple[str, ...]:
    """The names of all scenarios, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


def get_scenario(name: str) -> Scenario:
    """The scenario called `name`. Raises UsageError, naming the known ones, when there is none."""
    known = scenario_names()
    if name not in known:
        raise UsageError(_unknown(name, known))
    head = tomllib.loads(_head(description_file(name).read_text("utf-8")))["scenario"]
    end_ms = utc_ms(head["end"])
    return Scenario(
        name=name,
        title=head["title"],
        label=LABEL,
        start_ms=end_ms - head["hours"] * HOUR_MS,
        end_ms=end_ms,
        demo_from_ms=utc_ms(head["demo"]),
        demo_speed=head["demo_speed"],
        sources=tuple(head["sources"]),
        version=head["version"],
    )


def _head(text: str) -> str:
    """The `[scenario]` table alone: it comes first, and the rest is large and not wanted at start-up."""
    start = text.index("[scenario]")
    end = text.find("\n[", start)
    return text[start:] if end < 0 else text[start:end]


def _unknown(name: str, known: tuple[str, ...]) -> str:
    hint = did_you_mean(name, known)
    known_ones = f"known: {', '.join(known)}"
    return f"there is no scenario {clean(name, 60)!r}: " + (
        hint if hint == known_ones else f"{hint} {known_ones}".strip()
    )
