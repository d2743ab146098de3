"""The command line: what a typed line may mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from crashdesk.config.actions import KeyMode
from crashdesk.config.key_table import show_keys
from crashdesk.config.keymap import Keymap
from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.suggestions import Choice
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc, parse_time
from crashdesk.session.views import DeskView, Mode


class Commands(NamedTuple):
    """What commands do; given by the app. `command` is None when there is no worker to ask."""

    perform: Callable[[str], None]
    symbol: Callable[[str], None]
    theme: Callable[[str], None]
    preview_theme: Callable[[str], None]
    seek: Callable[[int], None]
    speed: Callable[[float], None]
    level: Callable[[float], None]
    command: Callable[[Command], None] | None


class CommandLine:
    """Turns what is typed into choices, the surest first."""

    def __init__(self, keymap: Keymap, themes: Iterable[tuple[str, str]], commands: Commands) -> None:
        self._keymap = keymap
        self._themes = tuple(themes)
        self._do = commands

    def choices(self, text: str, view: DeskView | None) -> list[Choice]:
        """What `text` may mean in this picture."""
        word, _, rest = text.strip().partition(" ")
        special = self._special(word.lower(), rest.strip(), view)
        if special is not None:
            return special
        found = [(self._rank(text, title, detail), choice) for title, detail, choice in self._all(view)]
        kept = [(rank, place, choice) for place, (rank, choice) in enumerate(found) if rank is not None]
        return [choice for _, _, choice in sorted(kept, key=lambda entry: entry[:2])]

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
        return None

    def _go(self, rest: str, view: DeskView | None) -> Choice:
        if view is None or view.transport.mode is Mode.LIVE:
            return Choice(f"go {clean(rest, 20)}", "only a replay can go to another time", None)
        try:
            at_ms = _share_of(rest, view) if rest.endswith("%") else parse_time(rest, view.now_ms)
        except ValueError as error:
            return Choice(f"go {clean(rest, 20)}", str(error), None)
        at_ms = max(view.transport.start_ms, min(at_ms, view.transport.end_ms))
        return Choice(f"go {rest}", f"to {format_utc(at_ms)}", lambda: self._do.seek(at_ms))

    def _speed(self, rest: str, view: DeskView | None) -> Choice:
        title = f"speed {clean(rest, 20)}"
        if view is None or view.transport.mode is Mode.LIVE:
            return Choice(title, "only a replay has a speed", None)
        try:
            speed = math.inf if rest.lower() == "max" else float(rest.rstrip("x×"))
        except ValueError:
            speed = math.nan
        if not speed > 0:
            return Choice(title, "write a number such as 60, 0.5 or max", None)
        return Choice(title, "replayed seconds a second", lambda: self._do.speed(speed))

    def _level(self, rest: str, view: DeskView | None) -> Choice:
        title = f"LV {clean(rest, 20)}"
        try:
            price = float(rest.replace(",", "").replace("_", ""))
        except ValueError:
            price = math.nan
        if not (math.isfinite(price) and price > 0):
            return Choice(title, "write a price such as 105000", None)
        symbol = view.symbol if view else ""
        return Choice(title, f"a level of your own on {symbol}", lambda: self._do.level(price))

    def _theme(self, rest: str) -> list[Choice]:
        found = [(fuzzy(rest, id_), id_, title) for id_, title in self._themes]
        kept = sorted((rank, id_, title) for rank, id_, title in found if rank is not None)
        if not kept:
            return [Choice(f"theme {clean(rest, 20)}", "no theme has this name", None)]
        return [self._one_theme(id_, title) for _, id_, title in kept]

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
        return Choice(f"{word} {symbol}", detail, lambda: send(command))

    def _all(self, view: DeskView | None) -> Iterable[tuple[str, str, Choice]]:
        for row in view.tickers if view else ():
            yield row.base, row.symbol, self._symbol(row.symbol, row.venue)
        for action in self._keymap.actions:
            if action.mode is KeyMode.NORMAL and action.id != "palette":
                yield action.description, action.id, self._action(action.id, action.description, show_keys(action))
        for id_, title in self._themes:
            yield f"theme {id_}", title, self._one_theme(id_, title)

    def _symbol(self, symbol: str, venue: str) -> Choice:
        return Choice(symbol, f"chart and levels of {symbol}, {venue}", lambda: self._do.symbol(symbol))

    def _action(self, action_id: str, description: str, keys: str) -> Choice:
        return Choice(action_id.replace("_", " "), f"{description}  [{keys}]", lambda: self._do.perform(action_id))

    @staticmethod
    def _rank(text: str, title: str, detail: str) -> tuple[int, int] | None:
        """Names before descriptions; nothing typed keeps the order."""
        typed = text.strip()
        if not typed:
            return (0, 0)
        ranks: Sequence[tuple[int, int | None]] = ((0, fuzzy(typed, title)), (1, fuzzy(typed, detail)))
        return next(((group, rank) for group, rank in ranks if rank is not None), None)


def _share_of(rest: str, view: DeskView) -> int:
    """UTC ms of a percentage of the recording. Raises ValueError with one sentence."""
    transport = view.transport
    try:
        share = float(rest[:-1]) / 100
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError("write a percentage from 0% to 100%")
    return transport.start_ms + round(share * (transport.end_ms - transport.start_ms))
