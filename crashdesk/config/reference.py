"""The reference of config.toml as Markdown: kinds, limits and defaults are what the loader takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from crashdesk.config.alert_settings import DEFAULT_ALERTS, AlertKind
from crashdesk.config.checks import Described, boolean, text
from crashdesk.config.key_words import TABLES, WORDS
from crashdesk.config.taken import Taken, taken_keys
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS

_KINDS: Mapping[Callable[[object], object], str] = {boolean: "true or false", text: "text"}
_NOTHING = "—"
_UNITS = ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m"))


def config_markdown() -> str:
    """A heading and a table for each table of config.toml, ending in a line end.

    Raises KeyError when a key of the loader has no words, which a test looks for.
    """
    keys = taken_keys()
    return "\n".join(_section(table, [key for key in keys if key.table == table]) for table in TABLES)


def _section(table: str, keys: Sequence[Taken]) -> str:
    head = f"## `[{table}]`\n\n" if table else ""
    about = TABLES[table].format(alerts=", ".join(f"`{rule.name}`" for rule in DEFAULT_ALERTS))
    if not keys:
        return f"{head}{about}\n"
    lines = ["| key | value | unit | default | does |", "|---|---|---|---|---|"]
    lines += [_row([key for key in keys if key.name == name]) for name in dict.fromkeys(key.name for key in keys)]
    return f"{head}{about}\n\n" + "\n".join(lines) + "\n"


def _row(keys: Sequence[Taken]) -> str:
    """One line; `keys` is the same key as the kinds of alerts have it."""
    words, first = WORDS[keys[0].dotted], keys[0]
    kind = words.kind or (first.check.kind if isinstance(first.check, Described) else _KINDS.get(first.check, "text"))
    limits = words.limits or _joined((_limits(key), key.variant) for key in keys)
    default = words.default or _joined((_default(key, kind), key.variant) for key in keys)
    value = f"{kind}: {limits}" if limits else kind
    of = f" (only {_kinds(keys)})" if _is_of_some_kinds(first, keys) else ""
    return f"| `{first.name}` | {value} | {words.unit} | {default} | {words.does}{of} |"


def _limits(key: Taken) -> str:
    return key.check.limits if isinstance(key.check, Described) else ""


def _default(key: Taken, kind: str) -> str:
    if key.required:
        return "must be there"
    return _length(key.default) if kind == "length" and isinstance(key.default, int) else _written(key.default)


def _length(ms: int) -> str:
    unit, letter = next(pair for pair in _UNITS if ms % pair[0] == 0)
    return f'`"{ms // unit}{letter}"`'


def _joined(variants: Iterable[tuple[str, str]]) -> str:
    """One text when all are the same, else each with the kinds that have it."""
    by_text: dict[str, list[str]] = {}
    for shown, variant in variants:
        by_text.setdefault(shown, []).append(variant)
    if len(by_text) == 1:
        return next(iter(by_text))
    usual = max(by_text, key=lambda shown: len(by_text[shown]))
    others = (f"{shown} ({', '.join(names)})" for shown, names in by_text.items() if shown != usual)
    return "; ".join([usual, *others])


def _is_of_some_kinds(key: Taken, keys: Sequence[Taken]) -> bool:
    return key.table == "alerts.NAME" and len(keys) < len(AlertKind)


def _kinds(keys: Iterable[Taken]) -> str:
    return ", ".join(key.variant for key in keys)


def _written(value: object) -> str:
    """A default as it stands in the file."""
    if value is None or value == "" or value in ([], ()):
        return _NOTHING
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list | tuple):
        return f"`[{', '.join(_bare(item) for item in value)}]`"
    return f"`{_bare(value)}`"


def _bare(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:_.12g}"
    return f'"{value.value if isinstance(value, StrEnum) else value}"'
