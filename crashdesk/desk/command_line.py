"""The command line: what a typed line may mean."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from crashdesk.config.actions import KeyMode
from crashdesk.config.commands import COMMANDS, CommandId, CommandWord, find_command
from crashdesk.config.key_table import show_keys
from crashdesk.config.keymap import Keymap
from crashdesk.config.near import nearest
from crashdesk.desk import figures
from crashdesk.desk.chart.commands import chart_choice, second_choice
from crashdesk.desk.chart.pair import Second
from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.go import read_go
from crashdesk.desk.liquidations.commands import feed_choice
from crashdesk.desk.pane_commands import liquidations_choice, sectors_choice, tickers_choice
from crashdesk.desk.replay_commands import replay_choice
from crashdesk.desk.suggestions import Choice
from crashdesk.desk.tickers.commands import add_choices, group_choices, remove_choices
from crashdesk.desk.tickers.markets import Listed
from crashdesk.model.control import Command
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.playback.transport import read_speed
from crashdesk.session.desklink import DeskLink
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import DeskView, Mode


class Commands(NamedTuple):
    """What commands do; given by the app. `command` is None when there is no worker to ask."""

    perform: Callable[[str], None]
    symbol: Callable[[str], None]
    find: Callable[[str], None]
    chart: Callable[[str, Timeframe], None]
    second: Callable[[Second | None], None]
    theme: Callable[[str], None]
    preview_theme: Callable[[str], None]
    layouts: Iterable[tuple[str, str]]
    layout: Callable[[str], None]
    preview_layout: Callable[[str], None]
    seek: Callable[[int], None]
    speed: Callable[[float], None]
    level: Callable[[float], None]
    bookmark: Callable[[str], None]
    note: Callable[[str], None]
    tape: Callable[[FeedFilter], None]
    tell: Callable[[Callable[[DeskLink], None]], None]
    command: Callable[[Command], None] | None
    markets: Callable[[], Listed]
    groups: tuple[str, ...]
    group: Callable[[str], None]
    alerts: Callable[[], Iterable[Choice]]


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
        word, _, rest = " ".join(text.split()).partition(" ")
        command = find_command(word)
        if command is None:
            return self._alike(text.strip(), view)
        if rest and (choices := self._of_tickers(command.id, rest, view)):
            return choices
        if rest:
            choice = self._with_words(command.id, rest, view)
            return [choice] if choice is not None else self._alike(f"{command.id} {rest}", view)
        if command.id is CommandId.THEME:
            return [*self._theme(""), *self._quoted(word, view)]
        if command.id is CommandId.LAYOUT:
            return self._all_layouts()
        examples = (self._with_words(command.id, example.partition(" ")[2], view) for example in command.examples)
        shown = [choice._replace(named=False) for choice in examples if choice is not None]
        own = self._command(command)._replace(named=True)
        return [own, *shown, *(choice for choice in self._alike(word, view) if choice.title != own.title)]

    def refusal(self, text: str, view: DeskView | None) -> str:
        """Why nothing is done about a line that names no command, and what is nearest to it."""
        word = clean(" ".join(text.split()), 40)
        command = find_command(word)
        if command is not None:
            usage = f"{word}: write {command.usage}"
            return f"{usage}, such as {command.examples[0]}" if command.examples else usage
        if view is None or not view.tickers:
            return f"no such command: {word} (a symbol can be chosen once there are prices)"
        if known := self._known(word):
            return f"{word}: write one of {', '.join(known)}"
        names = [name for names, _ in self._all(view) for name in names]
        near = nearest(word, names) or nearest(word.partition(" ")[0], names)
        return f"no such command or symbol: {word}" + (f" (did you mean {near}?)" if near else "")

    def _known(self, line: str) -> list[str]:
        """The names that may stand behind the command that a line begins with: of a theme or a layout."""
        command = find_command(line.partition(" ")[0])
        named = {CommandId.THEME: self._themes, CommandId.LAYOUT: self._do.layouts}
        return [name for name, _ in named.get(command.id, ())] if command is not None else []

    def _with_words(self, command: CommandId, rest: str, view: DeskView | None) -> Choice | None:
        """A command with words behind it; None when it takes none, or its own choices have them."""
        do = self._do
        match command:
            case CommandId.TICKERS:
                return tickers_choice(rest, do.perform, do.find)
            case CommandId.SECTORS:
                return sectors_choice(rest, do.perform, do.tell)
            case CommandId.LIQUIDATIONS:
                return liquidations_choice(rest, view, do.perform, do.tape, do.tell)
            case CommandId.CHART:
                return chart_choice(rest, view, do.perform, do.chart)
            case CommandId.SECOND:
                return second_choice(rest, view, do.second)
            case CommandId.MIN | CommandId.TAPE | CommandId.WINDOW:
                return feed_choice(command.value, rest, view, do.tape, do.tell)
            case CommandId.NEXT | CommandId.PREVIOUS | CommandId.SKIP:
                return replay_choice(command.value, rest, view, do.tell)
            case CommandId.BOOKMARK:
                title = f"bookmark {clean(rest, 40)}"
                return Choice(title, "a bookmark at the time shown", lambda: do.bookmark(rest), named=True)
            case CommandId.NOTE:
                return Choice(f"note {clean(rest, 40)}", "a note at the time shown", lambda: do.note(rest), named=True)
        return self._with_word(command, rest, view)

    def _with_word(self, command: CommandId, rest: str, view: DeskView | None) -> Choice | None:
        """The same for those that take a single value."""
        match command:
            case CommandId.GO:
                return self._go(rest, view)
            case CommandId.SPEED:
                return self._speed(rest, view)
            case CommandId.LEVEL:
                return self._level(rest, view)
        return None

    def _go(self, rest: str, view: DeskView | None) -> Choice:
        if view is None or view.transport.mode is Mode.LIVE:
            return Choice(f"go {clean(rest, 20)}", "only a replay can go to another time", None)
        try:
            minutes = view.scrubber.minutes
            at_ms = read_go(rest, view.now_ms, view.transport, self._zone, self._zone_name, minutes)
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

    def _all_layouts(self) -> list[Choice]:
        do = self._do
        return [
            Choice(f"layout {id_}", title, partial(do.layout, id_), preview=partial(do.preview_layout, id_))
            for id_, title in do.layouts
        ]

    def _of_tickers(self, command: CommandId, rest: str, view: DeskView | None) -> list[Choice]:
        """What may be meant by a symbol or a group that is typed; empty for other commands."""
        do = self._do
        match command:
            case CommandId.ADD:
                return add_choices(rest, do.command, do.markets())
            case CommandId.REMOVE:
                return remove_choices(rest, view, do.command)
            case CommandId.GROUP:
                return group_choices(rest, do.groups, do.group)
        return []

    def _alike(self, typed: str, view: DeskView | None) -> list[Choice]:
        """Every choice whose name or description is like what is typed; nothing typed is like all of them.

        Then commands come behind a few symbols: who looks for the first time sees both.
        """
        if not typed:
            every, symbols = [choice for _, choice in self._all(view)], len(view.tickers) if view else 0
            return [*every[: min(_FEW, symbols)], *every[symbols:], *every[_FEW:symbols]]
        found = [(_rank(typed, names, choice), choice) for names, choice in self._all(view)]
        kept = [(rank, place, choice) for place, (rank, choice) in enumerate(found) if rank is not None]
        ordered = sorted(kept, key=lambda entry: entry[:2])
        return [choice._replace(named=rank[0] <= _PREFIX) for rank, _, choice in ordered]

    def _quoted(self, word: str, view: DeskView | None) -> list[Choice]:
        """The symbols of the coin of that name."""
        rows = view.tickers if view else ()
        return [self._symbol(row.symbol, row.venue) for row in rows if row.base.casefold() == word.casefold()]

    def _all(self, view: DeskView | None) -> Iterable[tuple[tuple[str, ...], Choice]]:
        """Every choice and the names that it goes by; a coin comes before commands that begin with its letters."""
        for row in view.tickers if view else ():
            yield (row.base, row.symbol), self._symbol(row.symbol, row.venue)
        for command in COMMANDS:
            yield (*command.names, command.action.replace("_", " ")), self._command(command)
        told = {"palette", *(command.action for command in COMMANDS)}
        for action in self._keymap.actions:
            if action.mode is KeyMode.NORMAL and action.id not in told:
                choice = self._action(action.id, action.description, show_keys(action))
                yield (choice.title, action.id), choice
        for choice in self._do.alerts():
            yield (choice.title,), choice
        for id_, title in self._themes:
            yield (f"theme {id_}",), self._one_theme(id_, title)
        for choice in self._all_layouts():
            yield (choice.title,), choice

    def _symbol(self, symbol: str, venue: str) -> Choice:
        return Choice(symbol, f"chart and levels of {symbol}, {venue}", lambda: self._do.symbol(symbol))

    def _command(self, command: CommandWord) -> Choice:
        """A command alone: its action, the page of alerts, or the place where its words go."""
        name = command.id.value
        called = "" if name == command.mnemonic.lower() or name in command.description else f"{name}: "
        if command.id is CommandId.ALERTS:
            return next(iter(self._do.alerts()))._replace(title=command.usage, detail=called + command.description)
        if not command.action:
            return Choice(command.usage, called + command.description, None, fill=f"{command.mnemonic} ")
        key = show_keys(self._keymap.action(command.action))
        detail = f"{called}{command.description}  [{key}]"
        return Choice(command.usage, detail, lambda: self._do.perform(command.action))

    def _action(self, action_id: str, description: str, keys: str) -> Choice:
        return Choice(action_id.replace("_", " "), f"{description}  [{keys}]", lambda: self._do.perform(action_id))


_FEW = 2
"""Symbols that are listed before anything is typed."""
_PREFIX = 1
"""The last rank that names a choice: 0 is its whole name, 1 the beginning of one, above that it only looks alike."""


def _rank(typed: str, names: Sequence[str], choice: Choice) -> tuple[int, int] | None:
    """Whole names, beginnings, names alike, descriptions alike."""
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
