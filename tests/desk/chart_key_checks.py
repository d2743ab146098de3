"""What the keys of placing, trend lines and the crosshair must do."""

from __future__ import annotations

from crashdesk.config.actions import KeyMode
from crashdesk.desk.chart.cross_mode import CrossMode
from crashdesk.desk.chart.place_mode import PlaceMode
from crashdesk.desk.chart.spot import Spot
from crashdesk.desk.chart.trend_mode import TrendMode
from crashdesk.model.timeframe import DAY_MS
from tests.desk.key_stand import Check, Stand


async def in_place(stand: Stand, *keys: str) -> float:
    await stand.press("a", *keys)
    return placed_at(stand)


def placed_at(stand: Stand) -> float:
    mode = stand.app.desk.chart.mode
    assert isinstance(mode, PlaceMode)
    return mode.line.price


async def place_moves(stand: Stand) -> None:
    before = await in_place(stand)
    await stand.act()
    assert placed_at(stand) != before


async def place_types(stand: Stand) -> None:
    await in_place(stand, "9")
    await stand.act()
    assert placed_at(stand) == 90


async def place_erases(stand: Stand) -> None:
    await in_place(stand, "1", "0", "5", "9", "9", "9", "9")
    await stand.act()
    assert placed_at(stand) == 105_999


async def place_sets(stand: Stand) -> None:
    await in_place(stand)
    await stand.act()
    await stand.press("enter")
    assert [level.price for level in stand.memory.levels] == [106_200.0]


async def place_leaves(stand: Stand) -> None:
    await in_place(stand, "down")
    await stand.act()
    assert stand.app.desk.mode is KeyMode.NORMAL
    assert stand.memory.levels == ()


async def accepts(stand: Stand) -> None:
    await stand.press("n", "x")
    await stand.act()
    assert len(stand.memory.notes) == 1


async def cancels(stand: Stand) -> None:
    await stand.press("n", "x")
    await stand.act()
    assert stand.memory.notes == ()
    assert stand.app.desk.mode is KeyMode.NORMAL


async def trends(stand: Stand) -> None:
    await stand.act()
    await stand.press("enter", "left", "enter", *"base", "enter")
    (level,) = stand.memory.levels
    assert level.trend is not None
    assert level.trend.end.ts_ms - level.trend.start.ts_ms == DAY_MS
    assert level.label == "base"


async def crosses(stand: Stand) -> None:
    await stand.act()
    assert stand.app.desk.mode is KeyMode.CROSSHAIR


def spot_of(stand: Stand) -> Spot:
    mode = stand.app.desk.chart.mode
    assert isinstance(mode, TrendMode | CrossMode)
    return mode.spot


def moves_point(key: str, *before: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(key, *before)
        old = spot_of(stand)
        await stand.act()
        assert spot_of(stand) != old

    return check


def helps_in(key: str, words: str) -> Check:
    async def check(stand: Stand) -> None:
        await stand.press(key)
        await stand.act()
        reader = stand.app.desk.reader
        assert reader is not None
        assert words in "\n".join(strip.text for strip in reader.lines(*reader.size))
        await stand.press("escape")
        assert stand.app.desk.chart.mode is not None

    return check


async def cross_places(stand: Stand) -> None:
    await stand.press("x", "up")
    price = spot_of(stand).line.price
    await stand.act()
    await stand.press("enter")
    assert [level.price for level in stand.memory.levels] == [price]


async def cross_notes(stand: Stand) -> None:
    await stand.press("x", "left")
    at_ms = spot_of(stand).ts_ms
    await stand.act()
    await stand.press(*"low", "enter")
    assert [(note.text, note.ts_ms) for note in stand.memory.notes] == [("low", at_ms)]
    assert stand.app.desk.mode is KeyMode.CROSSHAIR


async def cross_leaves(stand: Stand) -> None:
    await stand.press("x")
    await stand.act()
    assert stand.app.desk.mode is KeyMode.NORMAL
