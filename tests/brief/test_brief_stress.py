"""The stress gauge in the brief: one line with its parts, and in JSON."""

from __future__ import annotations

import json
from datetime import UTC

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown
from crashdesk.brief.content import make_brief
from crashdesk.model.basket import Baskets
from crashdesk.session.state import MarketState
from crashdesk.session.stress_views import PartKind, made_of
from crashdesk.session.stress_words import sentence
from crashdesk.session.views import WeightMode
from tests.session.test_stress import _market


def test_the_line_names_the_parts_that_are_known() -> None:
    view = made_of({PartKind.BREADTH: 0.4, PartKind.MOVE: 0.55, PartKind.RATE: 20.0})
    first = view.parts[0]._replace(percentile=93.4, spans=276)
    assert sentence(view._replace(parts=(first, *view.parts[1:]))) == (
        "Stress 69 of 100, from 3 of 6 parts: breadth 50 (40 %, percentile 93 over 23.0 h); BTC move 50 (0.55 ATR); "
        "liquidation rate 100 (20.0×)."
    )


def test_text_and_json_tell_the_same() -> None:
    brief = make_brief(_market(), WeightMode.EQUAL)
    assert "Stress 0 of 100, from 5 of 6 parts: breadth 0 (0 %, percentile 50 over" in brief_markdown(brief, UTC)
    stress = json.loads(brief_json(brief))["stress"]
    assert (stress["value"], stress["parts_known"]) == (0, 5)
    parts = {part["name"]: part for part in stress["parts"]}
    assert sum(part["weight"] for part in parts.values()) == 100
    assert parts["liquidation rate"]["value"] == 1.0
    assert parts["funding"] == {
        "name": "funding",
        "weight": 10,
        "value": None,
        "score": None,
        "percentile": None,
        "past_ms": 0,
    }


def test_without_prices_nothing_is_said_of_it() -> None:
    brief = make_brief(MarketState(Baskets("", "", "", ()), 0), WeightMode.EQUAL)
    assert json.loads(brief_json(brief))["stress"]["value"] is None
