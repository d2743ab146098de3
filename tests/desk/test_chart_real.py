"""Every real daily candle of a hundred days stands where a plain calculation says."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from crashdesk.desk.chart.cells import Part
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.render import draw_plot
from crashdesk.desk.chart.request import ChartRequest
from tests.desk.chart_data import Ohlc, chart_of


def _candles(realdata: Path, until: str, count: int) -> list[Ohlc]:
    with (realdata / "daily" / "binance_BTCUSDT_1d.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["timestamp"][:10] <= until]
    return [tuple(float(row[key]) for key in ("open", "high", "low", "close")) for row in rows[-count:]]  # type: ignore[misc]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("rows", [12, 30, 50])
def test_real_candles_stand_in_their_rows(realdata: Path, rows: int, log: bool) -> None:
    candles = _candles(realdata, "2025-11-04", 100)
    plot = draw_plot(ChartRequest(chart_of(candles), (), 140, rows + 2, ChartOptions(log=log, zoom=100)))
    assert plot is not None
    assert len(plot.bars) == 100

    def height(price: float) -> float:
        return math.log(price) if log else price

    top, bottom = max(height(c[1]) for c in candles), min(height(c[2]) for c in candles)
    row_height = (top - bottom) / (rows - 1)  # half a row of air above the highest and under the lowest price
    for index, (open_, high, low, close) in enumerate(candles):
        x = plot.left + index
        cells = [y for y in range(rows) if plot.grid.parts[y][x] in (Part.UP, Part.DOWN)]
        assert cells == list(range(cells[0], cells[-1] + 1))
        assert cells[0] == math.floor((top + row_height / 2 - height(high)) / row_height + 1e-9)
        assert cells[-1] == math.floor((top + row_height / 2 - height(low)) / row_height + 1e-9)
        assert plot.grid.parts[cells[0]][x] is (Part.UP if close >= open_ else Part.DOWN)
