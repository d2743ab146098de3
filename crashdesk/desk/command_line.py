"""The command line: what a typed line may mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import NamedTuple

from crashdesk.config.actions import KeyMode
from crashdesk.config.key_table import show_keys
from crashdesk.config.keymap import Keymap
from crashdesk.desk import figures
from crashdesk.desk.chart.commands import SECOND_USAGE, second_choice
from crashdesk.desk.chart.pair import Second
from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.go import read_go
from crashdesk.desk.liquidations.commands import FEED_USAGE, feed_choice
from crashdesk.desk.replay_commands import REPLAY_USAGE, replay_choice
from crashdesk.desk.suggestions import Choice
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol
from crashdesk.model.text import clean
from crashdesk.playback.transport import read_speed
from crashdesk.session.desklink import DeskLink
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import DeskView, Mode


class Commands(NamedTuple):
    """What commands do; given by the app. `command` is None when there is no worker to ask."""

    perform: Callable[[str], None]
    symbol: Callable[[str], None]
    second: Callable[[Second | None], None]
    theme: Callable[[str], None]
    preview_theme: Callable[[str], None]
    seek: Callable[[int], None]
    speed: Callable[[float], None]
    level: Callable[[float], None]
    bookmark: Callable[[str], None]
    tape: Callable[[FeedFilter], None]
    tell: Callable[[Callable[[DeskLink], None]], None]
    command: Callable[[Command], None] | None
    alerts: Callable[[], Iterable[Choice]]


_USAGE = {
    "go": "a time such as go 14:05, go -30m or go 50%",
    "speed": "a speed such as speed 60 or speed max",
    "lv": "a price such as LV 105000",
    **REPLAY_USAGE,
    **FEED_USAGE,
    **SECOND_USAGE,
    "theme": "a theme's name, or choose one with the arrows",
    "add": "a symbol such as add HYPE",
    "remove": "a symbol such as remove HYPE",
}


class CommandLine:
    """Turns what is typed into choices, the surest first."""

    def __init__(
        self, keymap: Keymap, themes: Iterable[tuple[str, str]], commands: Commands, zone: tzinfo, zone_name: str
    ) -> None:
        self._keymap = keymap
        self._themes = themes
        self._do = commands
        self._zone, self._zone_name = zone, zone_name

    def choices(self, text: str, view: DeskView | None) -> list[Choice]:
        """What `text` may mean in this picture."""
        word, _, rest = text.strip().partition(" ")
        special = self._special(word.lower(), rest.strip(), view)
        if special is not None:
            return special
        typed = text.strip()
        found = [(_rank(typed, names, choice), choice) for names, choice in self._all(view)]
        kept = [(rank, place, choice) for place, (rank, choice) in enumerate(found) if rank is not None]
        ordered = sorted(kept, key=lambda entry: entry[:2])
        return [choice._replace(named=bool(typed) and rank[0] <= _PREFIX) for rank, _, choice in ordered]

    def refusal(self, text: str, view: DeskView | None) -> str:
        """Why nothing is done about a line that names no command."""
        word = clean(" ".join(text.split()), 40)
        if (usage := _USAGE.get(word.lower())) is not None:
            return f"{word}: write {usage}"
        if view is None or not view.tickers:
            return f"no such command: {word} (a symbol can be chosen once there are prices)"
        return f"no such command: {word}"

    def _special(self, word: str, rest: str, view: DeskView | None) -> list[Choice] | None:
        match word:
            case "go" if rest:
                return [self._go(rest, view)]
            case "speed" if rest:
                return [self._speed(rest, view)]
            case "lv" if rest:
                return [self._level(rest, view)]
            case "theme":
                return self._theme(rest)
            case "add" | "remove" if rest:
                return [self._watch(word, rest)]
            case "second" if rest:
                return [second_choice(rest, view, self._do.second)]
            case "next" | "previous" | "skip" if rest:
                return [replay_choice(word, rest, view, self._do.tell)]
            case "bookmark" if rest:
                title = f"bookmark {clean(rest, 40)}"
                return [Choice(title, "a bookmark at the time shown", lambda: self._do.bookmark(rest), named=True)]
            case "min" | "tape" | "window" if rest:
                return [feed_choice(word, rest, view, self._do.tape, self._do.tell)]
        return None

    def _go(self, rest: str, view: DeskView | None) -> Choice:
        if view is None or view.transport.mode is Mode.LIVE:
            return Choice(f"go {clean(rest, 20)}", "only a replay can go to another time", None)
        try:
            at_ms = read_go(rest, view.now_ms, view.transport, self._zone, self._zone_name)
        except ValueError as error:
            return Choice(f"go {clean(rest, 20)}", str(error), None)
        when = f"{figures.date(at_ms, self._zone)} {figures.clock(at_ms, self._zone)} {self._zone_name}"
        return Choice(f"go {rest}", f"to {when}", lambda: self._do.seek(at_ms), named=True)

    def _speed(self, rest: str, view: DeskView | None) -> Choice:
        title = f"speed {clean(rest, 20)}"
        if view is None or view.transport.mode is Mode.LIVE:
            return Choice(title, "only a replay has a speed", None)
        try:
            speed = read_speed(rest)
        except ValueError as error:
            return Choice(title, str(error), None)
        return Choice(title, "replayed seconds a second", lambda: self._do.speed(speed), named=True)

    def _level(self, rest: str, view: DeskView | None) -> Choice:
        title = f"LV {clean(rest, 20)}"
        try:
            price = float(rest.replace(",", "").replace("_", ""))
        except ValueError:
            price = math.nan
        if not (math.isfinite(price) and price > 0):
            return Choice(title, "write a price such as 105000", None)
        symbol = view.symbol if view else ""
        return Choice(title, f"a level of your own on {symbol}", lambda: self._do.level(price), named=True)

    def _theme(self, rest: str) -> list[Choice]:
        found = [(fuzzy(rest, id_), id_, title) for id_, title in self._themes]
        kept = sorted(((rank, id_, title) for rank, id_, title in found if rank is not None), key=lambda one: one[0])
        if not kept:
            return [Choice(f"theme {clean(rest, 20)}", "no theme has this name", None)]
        typed = rest.lower()
        names = [
            self._one_theme(id_, title)._replace(named=bool(typed) and id_.startswith(typed)) for _, id_, title in kept
        ]
        return sorted(names, key=lambda choice: not choice.named)

    def _one_theme(self, id_: str, title: str) -> Choice:
        return Choice(f"theme {id_}", title, lambda: self._do.theme(id_), preview=lambda: self._do.preview_theme(id_))

    def _watch(self, word: str, rest: str) -> Choice:
        symbol = clean(rest, 40).upper()
        symbol = symbol if "/" in symbol else f"{symbol}/USDT"
        send = self._do.command
        if send is None:
            return Choice(f"{word} {symbol}", "only a live desk can add or remove symbols", None)
        command = AddSymbol(symbol) if word == "add" else RemoveSymbol(symbol)
        detail = "poll this symbol too" if word == "add" else "stop polling this symbol"
        return Choice(f"{word} {symbol}", detail, lambda: send(command), named=True)

    def _all(self, view: DeskView | None) -> Iterable[tuple[tuple[str, ...], Choice]]:
        """Every choice and the names that it goes by."""
        for row in view.tickers if view else ():
            yield (row.base, row.symbol), self._symbol(row.symbol, row.venue)
        for action in self._keymap.actions:
            if action.mode is KeyMode.NORMAL and action.id != "palette":
                choice = self._action(action.id, action.description, show_keys(action))
                yield (choice.title, action.id), choice
        for choice in self._do.alerts():
            yield (choice.title,), choice
        for id_, title in self._themes:
            yield (f"theme {id_}",), self._one_theme(id_, title)

    def _symbol(self, symbol: str, venue: str) -> Choice:
        return Choice(symbol, f"chart and levels of {symbol}, {venue}", lambda: self._do.symbol(symbol))

    def _action(self, action_id: str, description: str, keys: str) -> Choice:
        return Choice(action_id.replace("_", " "), f"{description}  [{keys}]", lambda: self._do.perform(action_id))


_PREFIX = 1
"""The last rank that names a choice: 0 is its whole name, 1 the beginning of one, above that it only looks alike."""


def _rank(typed: str, names: Sequence[str], choice: Choice) -> tuple[int, int] | None:
    """Whole names, beginnings, names alike, descriptions alike; nothing typed keeps the order."""
    if not typed:
        return (0, 0)
    word = typed.casefold()
    folded = [name.casefold() for name in names]
    if word in folded:
        return (0, 0)
    if any(name.startswith(word) for name in folded):
        return (_PREFIX, 0)
    alike = [rank for name in names if (rank := fuzzy(typed, name)) is not None]
    if alike:
        return (2, min(alike))
    described = fuzzy(typed, choice.detail)
    return None if described is None else (3, described)
