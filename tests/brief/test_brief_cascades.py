"""Cascades in the brief: the definition once, each with its figures."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import jsonschema

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import Brief, make_brief
from crashdesk.brief.schema import schema_text
from crashdesk.config.baskets import load_baskets
from crashdesk.model.records import Batch, Event, EventKind
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode

END = 1_762_225_964_000


def _brief(*events: Event) -> Brief:
    state = MarketState(load_baskets(None)[0], END - 60_000)
    state.apply(Batch(1, END, events))
    return make_brief(state, WeightMode.EQUAL)


def test_a_cascade_with_its_figures() -> None:
    at = END - 44_000
    event = Event(EventKind.CASCADE, at, at + 30_000, "cascade", None, "BTC/USDT", 61_300_000 * 10**6,
                  58_848_000 * 10**6, -1.9, 9_412, ("htx", "okx"))  # fmt: skip
    made = _brief(event)
    text = brief_text(made, UTC)
    for words in ("2025-11-04 03:12:00", "2025-11-04 03:12:30", "$61.30M", "96 %", "9,412", "BTC −1.9 %", "htx okx"):
        assert words in text, words
    for each in (text, brief_markdown(made, UTC)):
        assert " ".join(each.split()).count("there is no standard") == 1
    raw = json.loads(brief_json(made))
    jsonschema.validate(raw, json.loads(schema_text()))
    assert raw["cascades"][0] == {
        "start_ms": at,
        "end_ms": at + 30_000,
        "total_usd": 61_300_000.0,
        "long_usd": 58_848_000.0,
        "orders": 9_412,
        "venues": ["htx", "okx"],
        "symbol": "BTC/USDT",
        "move_pct": -1.9,
        "text": "cascade",
    }
    assert "there is no standard" in raw["cascade_definition"]


def test_unknown_figures_are_null() -> None:
    made = _brief(Event(EventKind.CASCADE, END, END, "cascade"))
    raw = json.loads(brief_json(made))
    jsonschema.validate(raw, json.loads(schema_text()))
    assert raw["cascades"][0]["total_usd"] is raw["cascades"][0]["orders"] is raw["cascades"][0]["move_pct"] is None
    assert "CASCADES" in brief_text(made, UTC)


def test_without_a_feed_none_can_be_known() -> None:
    assert "none can be known" in brief_text(_brief(), UTC)


def test_those_of_november(november_file: Path) -> None:
    reader = RecordingReader.open(november_file)
    player = Player(reader, load_baskets(None)[0])
    player.seek(END)
    made = make_brief(player.state, WeightMode.EQUAL)
    reader.close()
    assert 3 <= len(made.cascades) <= 10
    assert len({event.start_ms for event in made.cascades}) == len(made.cascades)
    raw = json.loads(brief_json(made))
    jsonschema.validate(raw, json.loads(schema_text()))
    assert raw["cascades"][-1]["end_ms"] > END - 60 * 60_000


def test_no_line_of_prose_is_folded_a_second_time_on_a_desk_of_120_columns() -> None:
    """Its page shows 116 cells of a line."""
    lines = [line for line in brief_text(_brief(), UTC).splitlines() if line[:1].isalnum()]
    assert max(map(len, lines)) <= 116
    assert any(len(line) > 80 for line in lines)
