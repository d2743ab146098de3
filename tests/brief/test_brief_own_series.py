"""The trader's daily series and the groups beside the sectors in the brief."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import make_brief
from crashdesk.brief.schema import schema_text
from crashdesk.config.baskets import load_baskets
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import DAY_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode

END = int(datetime(2025, 11, 4, 3, 12, 44, tzinfo=UTC).timestamp() * 1000)
MONDAY = END // DAY_MS * DAY_MS - DAY_MS


def _player(november_file: Path, *series: DailySeries) -> Player:
    player = Player(RecordingReader.open(november_file), load_baskets(None)[0])
    player.set_series(series)
    player.seek(END)
    return player


def test_a_series_is_in_text_markdown_and_json_as_far_as_it_is_known(november_file: Path) -> None:
    days = tuple(MONDAY + (place - 5) * DAY_MS for place in range(7))
    flows = DailySeries("etf", "US ETF *flows*", "M$", DAY_MS, days, (1.0, 2.0, 3.0, -4.5, 10.0, -946.0, 777.0))
    empty = DailySeries("chain", "holders", "", DAY_MS, (), ())
    brief = make_brief(_player(november_file, flows, empty).state, WeightMode.EQUAL)
    text = brief_text(brief, UTC)
    assert "DAILY SERIES" in text
    line = next(line for line in text.splitlines() if "ETF *flows* (M$)" in line)
    assert line.split()[-5:] == ["(M$)", "2025-11-03", "-946", "-935.5", "—"]
    assert "777" not in text
    assert r"US ETF \*flows\* (M$) | 2025-11-03 | -946 | -935.5 | — |" in brief_markdown(brief, UTC)
    document = json.loads(brief_json(brief))
    jsonschema.validate(document, json.loads(schema_text()))
    assert document["series"] == [
        {
            "name": "etf",
            "title": "US ETF *flows*",
            "unit": "M$",
            "last": -946.0,
            "last_ts_ms": MONDAY,
            "sum_5": -935.5,
            "sum_21": None,
        },
        {
            "name": "chain",
            "title": "holders",
            "unit": "",
            "last": None,
            "last_ts_ms": None,
            "sum_5": None,
            "sum_21": None,
        },
    ]


def test_without_series_and_groups_nothing_is_said_of_them(november_file: Path) -> None:
    brief = make_brief(_player(november_file).state, WeightMode.EQUAL)
    text = brief_text(brief, UTC)
    assert "DAILY SERIES" not in text
    assert "Stocks" not in text
    document = json.loads(brief_json(brief))
    assert (document["series"], document["groups"]) == ([], [])


@pytest.mark.parametrize("form", [brief_text, brief_markdown])
def test_a_group_is_named_as_being_beside_the_sectors(november_file: Path, form: object) -> None:
    brief = make_brief(_player(november_file).state, WeightMode.EQUAL)
    tile = brief.sectors.tiles[0]._replace(name="Stocks")
    brief = brief._replace(sectors=brief.sectors._replace(groups=(tile,)))
    assert "Stocks: beside the sectors" in form(brief, UTC)  # type: ignore[operator]
    document = json.loads(brief_json(brief))
    jsonschema.validate(document, json.loads(schema_text()))
    assert [group["name"] for group in document["groups"]] == ["Stocks"]
