"""The price chart of the brief's page: prices of every size fit."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

import pytest

from crashdesk.brief.content import Brief, make_brief
from crashdesk.brief.page.document import brief_html
from crashdesk.config.baskets import load_baskets
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode


@pytest.fixture(scope="module")
def november(november_file: Path) -> Brief:
    reader = RecordingReader.open(november_file)
    player = Player(reader, load_baskets(None)[0])
    player.seek(reader.end_ms)
    made = make_brief(player.state, WeightMode.EQUAL)
    reader.close()
    return made


@pytest.mark.parametrize(("times", "decimals"), [(1e-10, 9), (1e-5, 5), (1e-3, 4), (1e4, 1), (1e9, 0)])
def test_prices_of_any_size_are_told_whole_and_have_room(november: Brief, times: float, decimals: int) -> None:
    """A digit of the axis is at most 6 wide; nothing is cut off at the edge of the chart."""
    chart, row = november.chart, november.headline
    assert chart is not None
    assert row is not None
    last = row.last * times

    def scaled(values: Sequence[float]) -> array[float]:
        return array("d", [value * times for value in values])

    scaled_chart = chart._replace(
        price_decimals=decimals,
        open=scaled(chart.open),
        high=scaled(chart.high),
        low=scaled(chart.low),
        close=scaled(chart.close),
        sma200=scaled(chart.sma200),
    )
    text = brief_html(
        november._replace(
            chart=scaled_chart,
            headline=row._replace(last=last, price_decimals=decimals, sma200=last * 1.01),
        ),
        UTC,
    )
    drawing = text.partition('<figure class="price">')[2].partition("</figure>")[0]
    ticks = re.findall(r'class="tick" text-anchor="end" x="([\d.]+)" y="[\d.]+">([^<]+)<', drawing)
    assert len(ticks) >= 2
    for x, said in ticks:
        assert float(x) - 6 * len(said) >= 0
        assert float(said.replace(",", "")) > 0
    assert len({said for _, said in ticks}) == len(ticks)
    (named,) = re.findall(r'class="name last"[^>]*>([^<]+) last<', drawing)
    assert float(named.replace(",", "")) == pytest.approx(last, rel=0.01)
