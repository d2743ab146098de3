"""Every command of the table does what its description says, by its mnemonic, its long name, in any case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.config.commands import COMMANDS, CommandId, CommandWord, commands_markdown, find_command
from crashdesk.desk.app import CrashDesk
from crashdesk.model.control import AddSymbol, RemoveSymbol
from crashdesk.model.records import Side
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.stops import Stop, StopKind
from crashdesk.session.stress_views import NO_STRESS
from crashdesk.session.views import DeskView, Mode, WeightMode
from tests.desk.fake_link import FakeLink, Memory, make_desk
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled

README = Path(__file__).parents[2] / "README.md"
SIZE = (160, 48)
Seen = Callable[[CrashDesk, FakeLink, Memory], bool]


def asked(name: str, argument: object = None) -> Seen:
    return lambda _app, link, _memory: (name, argument) in link.calls


def focused(pane: str) -> Seen:
    return lambda app, _link, _memory: app.desk.arrangement.focus == pane


def reads(words: str) -> Seen:
    return lambda app, _link, _memory: app.desk.reader is not None and words in app.desk.reader.name_shown


def both(*seen: Seen) -> Seen:
    return lambda app, link, memory: all(one(app, link, memory) for one in seen)


CASES: dict[CommandId, dict[str, Seen]] = {
    CommandId.TICKERS: {
        "": focused("tickers"),
        "eth": both(focused("tickers"), lambda app, _link, _memory: app.desk.tickers.order.query == "eth"),
    },
    CommandId.SECTORS: {
        "": focused("sectors"),
        "cap": both(focused("sectors"), asked("select_weights", WeightMode.CAP)),
    },
    CommandId.LIQUIDATIONS: {
        "": focused("liquidations"),
        "1h": both(focused("liquidations"), asked("select_window", "1h")),
        "long": both(focused("liquidations"), asked("select_feed", FeedFilter(side=Side.LONG))),
    },
    CommandId.CHART: {
        "": focused("chart"),
        "4h": both(focused("chart"), asked("select_timeframe", Timeframe.H4)),
        "eth": both(focused("chart"), asked("select_symbol", "ETH/USDT")),
        "ETH 1H": both(asked("select_symbol", "ETH/USDT"), asked("select_timeframe", Timeframe.H1)),
    },
    CommandId.LEVEL: {
        "": focused("levels"),
        "105000": lambda _app, _link, memory: [level.price for level in memory.levels] == [105_000.0],
    },
    CommandId.TIMELINE: {"": focused("timeline")},
    CommandId.STRESS: {"": reads("Stress")},
    CommandId.SECOND: {"ETH 1h": asked("select_second", ("ETH/USDT", Timeframe.H1)), "off": asked("select_second")},
    CommandId.TAPE: {
        "long": asked("select_feed", FeedFilter(side=Side.LONG)),
        "all": asked("select_feed", FeedFilter()),
    },
    CommandId.MIN: {"250k": asked("select_feed", FeedFilter(least_usd=250_000))},
    CommandId.WINDOW: {"15m": asked("set_free_window", 900_000), "off": asked("set_free_window")},
    CommandId.GO: {"50%": lambda _app, link, _memory: any(name == "seek" for name, _ in link.calls)},
    CommandId.SPEED: {"60": asked("set_speed", 60.0)},
    CommandId.NEXT: {"cascade": asked("step_event", (1, Stop(StopKind.CASCADE)))},
    CommandId.PREVIOUS: {"note": asked("step_event", (-1, Stop(StopKind.NOTE)))},
    CommandId.SKIP: {"on": asked("set_skip", 300_000), "30m": asked("set_skip", 1_800_000), "off": asked("set_skip")},
    CommandId.BOOKMARK: {
        "": lambda _app, _link, memory: [note.text for note in memory.notes] == ["A"],
        "first dump": lambda _app, _link, memory: [note.text for note in memory.notes] == ["first dump"],
    },
    CommandId.NOTE: {
        "": lambda app, _link, _memory: app.desk.bottom.prompt is not None,
        "hack: Balancer": lambda _app, _link, memory: (
            [(note.kind, note.text, note.ts_ms) for note in memory.notes] == [("hack", "Balancer", NOW_MS)]
        ),
    },
    CommandId.BRIEF: {"": lambda _app, _link, memory: len(memory.briefs) == 1},
    CommandId.PICTURE: {"": lambda _app, _link, memory: len(memory.pictures) == 1},
    CommandId.THEME: {"paper": lambda app, _link, _memory: app.theme == "paper"},
    CommandId.LAYOUT: {"watch": lambda app, _link, _memory: app.furnisher.used.id == "watch"},
    CommandId.ALERTS: {"": reads("Alerts"), "mute": lambda app, _link, _memory: app.herald._muted},
    CommandId.GROUP: {"top 20": lambda app, _link, _memory: app.desk.tickers.listing.group == "top 20"},
    CommandId.ADD: {"hype": lambda _app, _link, memory: AddSymbol("HYPE/USDT") in memory.commands},
    CommandId.REMOVE: {"hype": lambda _app, _link, memory: RemoveSymbol("HYPE/USDT") in memory.commands},
    CommandId.HELP: {"": reads("Help")},
}


def test_every_command_has_cases_and_names_of_its_own() -> None:
    assert set(CASES) == set(CommandId) == {command.id for command in COMMANDS}
    names = [name.casefold() for command in COMMANDS for name in command.names]
    assert len(set(names)) == len(names)
    for command in COMMANDS:
        assert ("" in CASES[command.id]) == (bool(command.action) or command.id is CommandId.ALERTS) or (
            command.id is CommandId.THEME
        )
        assert bool(command.examples) == bool(command.arguments)


@pytest.mark.parametrize(
    ("command", "rest"),
    [(command, rest) for command in COMMANDS for rest in CASES[command.id]],
    ids=lambda value: value.id.value if isinstance(value, CommandWord) else value,
)
async def test_a_command_does_what_the_table_says(command: CommandWord, rest: str) -> None:
    live = command.id in {CommandId.ADD, CommandId.REMOVE}
    mode = Mode.LIVE if live else Mode.REPLAY
    link, memory = FakeLink(desk_view(mode=mode)), Memory()
    link.answer = NO_STRESS if command.id is CommandId.STRESS else None
    app = make_desk(link=link, memory=memory, mode=mode)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        if command.id is CommandId.TICKERS:
            await pilot.press("3")
        name = (command.mnemonic, command.mnemonic.lower(), command.id.value)[len(rest) % 3]
        await type_line(pilot, f"{name} {rest}".rstrip())
        await app._errands.flush()
        await settled(pilot)
        assert CASES[command.id][rest](app, link, memory), [note.message for note in app._notifications]
        assert not [note for note in app._notifications if note.severity == "warning"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id.value)
async def test_examples_of_the_table_can_be_chosen(command: CommandWord) -> None:
    live = command.id in {CommandId.ADD, CommandId.REMOVE}
    mode = Mode.LIVE if live else Mode.REPLAY
    app = make_desk(desk_view(mode=mode), mode=mode)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        line = app._typist._commands
        for example in command.examples:
            if command.id is not CommandId.GO:  # its times are those of another recording
                assert line.choices(example, app.view)[0].run is not None, example
        if not command.action and command.id is not CommandId.ALERTS:
            refused = line.refusal(command.mnemonic, app.view)
            assert refused == f"{command.mnemonic}: write {command.usage}, such as {command.examples[0]}"


async def test_a_command_that_needs_more_is_filled_in() -> None:
    link = FakeLink(desk_view())
    app = make_desk(link=link)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("colon", *"spee", "enter")
        await settled(pilot)
        prompt = app.desk.bottom.prompt
        assert prompt is not None
        assert prompt.text == "SP "
        assert "speed 60" in "\n".join(rows_of(app))
        await pilot.press("6", "0", "enter")
        await settled(pilot)
        assert ("set_speed", 60.0) in link.calls
        assert app.desk.bottom.prompt is None


def view_with(coin: str) -> DeskView:
    """The sample picture with the last symbol's coin renamed."""
    view = desk_view()
    row = view.tickers[-1]._replace(base=coin, symbol=f"{coin}/USDT")
    return view._replace(tickers=(*view.tickers[:-1], row))


@pytest.mark.parametrize("coin", ["HM", "GO", "TH", "LIQ", "ADD"])
async def test_a_coin_that_is_called_like_a_command_is_reached(coin: str) -> None:
    for typed in (f"{coin}/USDT", f"CH {coin}", coin):
        link = FakeLink(view_with(coin))
        app = make_desk(link=link)
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            if typed != coin:
                await type_line(pilot, typed)
            else:
                await pilot.press("colon", *coin)
                await settled(pilot)
                offered = app.desk.suggestions
                assert offered is not None
                place = [choice.title for choice in offered.choices].index(f"{coin}/USDT")
                await pilot.press(*["down"] * place, "enter")
            await settled(pilot)
            assert ("select_symbol", f"{coin}/USDT") in link.calls, typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("HM big", "HM big: write one of equal, volume, cap"),
        ("CH btc eth", "CH btc eth: write a symbol and one of 5m, 15m, 1h, 4h, 1d, 1w"),
        ("CH nope", "CH nope: NOPE has no prices here"),
        ("LIQ 25h", "LIQ 25h: a window is 1 minute to 24 hours long, in whole minutes"),
    ],
)
async def test_words_that_a_command_cannot_use_are_explained(typed: str, said: str) -> None:
    app = make_desk(desk_view())
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await type_line(pilot, typed)
        assert [note.message for note in app._notifications] == [said]


def test_the_readme_holds_the_table_of_commands() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.split("<!-- commands -->")[1].split("<!-- /commands -->")[0].strip()
    assert table == commands_markdown().strip()


def test_find_command() -> None:
    found = find_command("liq")
    assert found is not None
    assert found.id is CommandId.LIQUIDATIONS
    assert find_command("lq") is None
