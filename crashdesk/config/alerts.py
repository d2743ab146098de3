"""The `[alerts.NAME]` tables of config.toml."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from crashdesk.config.alert_settings import (
    ALERT_WINDOWS,
    AT_A_LEVEL,
    DEFAULT_ALERTS,
    OWN_KEYS,
    AlertKind,
    AlertSettings,
    LevelEvent,
    Notify,
    usual,
)
from crashdesk.config.checks import (
    MAX_TEXT,
    BadValueError,
    Check,
    Described,
    a_table,
    boolean,
    kind_of,
    list_of,
    member_of,
    number,
    one_of,
    shown,
    text,
)
from crashdesk.config.names import symbol
from crashdesk.config.table import Table
from crashdesk.model.records import Feed, Side

MOST_RULES = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_COIN = re.compile(r"[^\s/:-]{1,24}")
_DAY_S = 86_400


class RunPlaces:
    """Where the program of a `run` list is looked for: a name in PATH, a path from the folder of config.toml."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def run(self, value: object) -> tuple[str, ...]:
        """A program that is there, as a name or an absolute path, and its arguments as they are written."""
        if isinstance(value, str):
            raise BadValueError(
                "must be a list of a program and its arguments, is text", 'write ["notify-send", "crashdesk"]'
            )
        words = list_of(_argument, at_most=50)(value)
        return (self._program(words[0]), *words[1:]) if words else ()

    def _program(self, word: str) -> str:
        import shutil

        written = word
        if written.startswith("~/"):
            written = self._environment.get("HOME", "~") + written[1:]
        if "/" in written:
            written = str(self._folder / written)
        if not word or shutil.which(written, path=self._environment.get("PATH")) is None:
            raise BadValueError(f"no such program: {shown(word)}", "the first of the list must be one that can be run")
        return written


def read_alerts(
    alerts: Table, venues: Collection[str], places: RunPlaces, *, sends: bool = False
) -> tuple[AlertSettings, ...]:
    """The built-in rules as the file changes them, then the file's own, in its order. `venues` may be named.

    With `sends` there is somewhere to send them: what rings is sent too, unless its table says otherwise.
    """
    rules = {rule.name: rule._replace(send=sends and rule.bell) for rule in DEFAULT_ALERTS}
    for name in alerts.names()[:MOST_RULES]:
        rule = _rule(alerts, name, rules.get(name), venues, places, sends=sends)
        if rule is not None:
            rules[name] = rule
    for name in alerts.names()[MOST_RULES:]:
        if alerts.take(name, a_table, None) is not None:
            alerts.problem(name, f"is one too many: at most {MOST_RULES} alerts are used")
    return tuple(rules.values())


def _rule(
    alerts: Table,
    name: str,
    known: AlertSettings | None,
    venues: Collection[str],
    places: RunPlaces,
    *,
    sends: bool,
) -> AlertSettings | None:
    """One table; None when it is no table, or its name or kind can't be used."""
    if alerts.take(name, a_table, None) is None:
        return None
    if not _NAME.fullmatch(name):
        alerts.problem(name, "an alert's name has 1 to 32 of a-z, 0-9, _ and -", "rename the table")
        return None
    table = alerts.table(name)
    if known is None:
        kind = table.require("kind", member_of(AlertKind, "kind"))
        if kind is None:
            return None
    else:
        kind = table.take("kind", member_of(AlertKind, "kind"), known.kind)
    rule = _filled(table, usual(kind)._replace(name=name), _own(kind, venues))
    rule = rule._replace(
        enabled=table.take("enabled", boolean, rule.enabled),
        repeat_seconds=table.take("repeat_seconds", number(1, _DAY_S), rule.repeat_seconds),
        bell=table.take("bell", boolean, rule.bell),
        notify=table.take("notify", member_of(Notify, "notify"), rule.notify),
        run=table.take("run", places.run, rule.run),
        send=table.take("send", boolean, usual(kind).bell) and sends,
    )
    table.finish()
    return rule


def _own(kind: AlertKind, venues: Collection[str]) -> dict[str, Check[object]]:
    """The checks of the keys that a kind has beside those that all have."""
    checks: dict[str, Check[object]] = {
        "min_usd": number(0 if kind is AlertKind.CASCADE else 1, 1e15),
        "share": number(50, 100),
        "window": one_of(ALERT_WINDOWS, "window"),
        "side": member_of(Side, "side"),
        "venues": list_of(one_of(venues, "venue"), at_most=100),
        "coins": list_of(_coin, at_most=1_000),
        "feeds": list_of(member_of(Feed, "feed"), at_most=len(Feed)),
        "after_seconds": number(1, _DAY_S),
        "on": list_of(_event_of(LevelEvent if kind is AlertKind.SMA200 else AT_A_LEVEL), at_most=len(LevelEvent)),
        "symbols": list_of(symbol, at_most=1_000),
        "percent": number(1, 99),
    }
    return {key: checks[key] for key in OWN_KEYS[kind]}


def _filled(table: Table, rule: AlertSettings, checks: dict[str, Check[object]]) -> AlertSettings:
    found = {key: table.take(key, check, getattr(rule, key)) for key, check in checks.items()}
    return rule._replace(**found)  # each check gives its field's type


def _event_of(known: Iterable[LevelEvent]) -> Check[LevelEvent]:
    """One of those things that may happen at a level."""
    words = [event.value for event in known]
    known_word = one_of(words, "event")
    return Described(lambda value: LevelEvent(known_word(value)), "text", ", ".join(f"`{word}`" for word in words))


def _coin(value: object) -> str:
    word = text(value)
    if not _COIN.fullmatch(word):
        raise BadValueError(f"no coin: {shown(word)}", "write the coin alone: BTC")
    return word.upper()


def _argument(value: object) -> str:
    """One argument, kept as it is written: a program may want its blanks and line ends."""
    if not isinstance(value, str):
        raise BadValueError(f"must be text, is {kind_of(value)}", "put it in quotes")
    if len(value) > MAX_TEXT or "\0" in value:
        raise BadValueError(f"an argument has at most {MAX_TEXT} characters and no NUL")
    return value
