"""The chart of the headline symbol: daily candles, the 200-day average, levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import isnan
from typing import NamedTuple

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.brief.page.markup import Drawing, element, figure, text
from crashdesk.brief.page.scale import Scale, round_values
from crashdesk.session.found import FOUND
from crashdesk.session.level_views import LevelRow
from crashdesk.session.levels import SMA200
from crashdesk.session.views import ChartView

DAYS = 180
_WIDTH, _HEIGHT = 720.0, 330.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 526.0, 8.0, 306.0
_BEYOND = 0.12
"""Levels so far above and below what was traded, as a part of its range, are drawn too."""
_LINE = 11.0
_ASIDE = (0.0, 6.0, -6.0, 11.0, -11.0)
"""How far a name may stand from its line."""
_MOST_LABEL = 30
_TICKS = 5
_WIDEST = 8.0
_DIGIT, _OFF = 6.0, 6.0
"""The width of a digit of the axis, and how far from the candles it ends."""


class _Plot(NamedTuple):
    """What is drawn: the candles from number `first` on, and the two scales."""

    chart: ChartView
    first: int
    across: Scale
    up: Scale


def price_drawing(brief: Brief) -> Drawing | None:
    """The last half year of the headline's daily candles; None without any."""
    chart, row = brief.chart, brief.headline
    if chart is None or row is None or len(chart.close) < 2:
        return None
    levels = [level for level in brief.levels if level.symbol == chart.symbol and level.source != SMA200]
    first = max(0, len(chart.close) - DAYS)
    low, high = _range(chart, first, row.last)
    near = [level for level in levels if _near(level.price, low, high)]
    low, high = min([low, *(one.price for one in near)]), max([high, *(one.price for one in near)])
    room = 0.03 * (high - low or 1.0)
    up = Scale(low - room, high + room, _BOTTOM, _TOP)
    across = Scale(first - 0.5, len(chart.close) - 0.5, _left(chart, up), _RIGHT)
    plot = _Plot(chart, first, across, up)
    average = [(at, value) for at, value in enumerate(chart.sma200) if at >= first and not isnan(value)]
    inside = _grid(plot) + _candles(plot) + _average(plot, average) + _labels(plot, near, brief)
    return Drawing(
        "price",
        f"{chart.symbol} on {chart.venue}: daily candles, 200-day average, levels",
        _told(plot, near, brief),
        _WIDTH,
        _HEIGHT,
        inside,
        (("up", "day up"), ("down", "day down"), ("average", "SMA200"), ("level", "level")),
    )


def _range(chart: ChartView, first: int, last: float) -> tuple[float, float]:
    average = [value for value in chart.sma200[first:] if not isnan(value)]
    return min([*chart.low[first:], *average, last]), max([*chart.high[first:], *average, last])


def _left(chart: ChartView, up: Scale) -> float:
    """Where the candles begin: the longest price of the axis has room before them."""
    longest = max((len(words.price(price, chart.price_decimals)) for price in _axis(up)), default=0)
    return max(_LEFT, longest * _DIGIT + _OFF)


def _axis(up: Scale) -> Iterator[float]:
    return round_values(up.low, up.high, _TICKS)


def _near(price: float, low: float, high: float) -> bool:
    room = _BEYOND * (high - low)
    return low - room <= price <= high + room


def _grid(plot: _Plot) -> str:
    """Prices on the left, months below."""
    parts = []
    for price in _axis(plot.up):
        y = plot.up.at(price)
        parts.append(element("line", class_="grid", x1=plot.across.start, x2=_RIGHT, y1=y, y2=y))
        said = words.price(price, plot.chart.price_decimals)
        parts.append(
            element("text", text(said), class_="tick", text_anchor="end", x=plot.across.start - _OFF, y=y + 3.5)
        )
    months: dict[str, int] = {}
    for at in range(plot.first, len(plot.chart.open_ms)):
        months.setdefault(f"{datetime.fromtimestamp(plot.chart.open_ms[at] / 1000, UTC):%Y-%m}", at)
    for month, at in list(months.items())[1:]:
        x = plot.across.at(at - 0.5)
        parts.append(element("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=_BOTTOM))
        parts.append(element("text", month, class_="tick", x=x + 2, y=_BOTTOM + 14))
    return "".join(parts)


def _candles(plot: _Plot) -> str:
    """Wicks and bodies of days that rose and of days that fell: two paths of each."""
    chart = plot.chart
    half = min(_WIDEST, 0.35 * (_RIGHT - plot.across.start) / (len(chart.close) - plot.first))
    paths = {"up": ["", ""], "down": ["", ""]}
    for at in range(plot.first, len(chart.close)):
        x = plot.across.at(at)
        top, bottom = plot.up.at(chart.high[at]), plot.up.at(chart.low[at])
        begin, end = plot.up.at(chart.open[at]), plot.up.at(chart.close[at])
        side = paths["up" if chart.close[at] >= chart.open[at] else "down"]
        side[0] += f"M{figure(x)} {figure(top)}V{figure(bottom)}"
        body = max(abs(end - begin), 0.6)
        side[1] += (
            f"M{figure(x - half)} {figure(min(begin, end))}h{figure(2 * half)}v{figure(body)}h{figure(-2 * half)}z"
        )
    return "".join(
        element("path", class_=f"wick {side}", d=wicks) + element("path", class_=f"body {side}", d=bodies)
        for side, (wicks, bodies) in paths.items()
        if wicks
    )


def _average(plot: _Plot, values: Sequence[tuple[int, float]]) -> str:
    """The average as a line that is broken where there is none."""
    path, before = "", -2
    for at, value in values:
        path += f"{'L' if at == before + 1 else 'M'}{figure(plot.across.at(at))} {figure(plot.up.at(value))}"
        before = at
    return element("path", class_="average", d=path) if path else ""


def _labels(plot: _Plot, levels: Sequence[LevelRow], brief: Brief) -> str:
    """Lines of levels and of the last price; on the right their names, the weightier ones where there is no room."""
    row = brief.headline
    if row is None:
        return ""
    decimals = row.price_decimals
    wanted = [(row.last, f"{words.brief_price(row.last, decimals)} last", "last")]
    if row.sma200 is not None:
        wanted.append((row.sma200, f"{words.brief_price(row.sma200, decimals)} SMA200", "average"))
    for level in sorted(levels, key=lambda one: (one.source == FOUND, abs(one.price - row.last), one.price)):
        said = level.label or (level.why[0].partition(",")[0] if level.why else str(level.kind))
        wanted.append((level.price, f"{words.brief_price(level.price, decimals)} {said}", "level"))
    taken: list[float] = []
    parts = []
    for price, said, kind in wanted:
        y = plot.up.at(price)
        if kind != "average":
            parts.append(element("line", class_=kind, x1=plot.across.start, x2=_RIGHT, y1=y, y2=y))
        free = [y + aside for aside in _ASIDE if all(abs(y + aside - other) >= _LINE for other in taken)]
        if free:
            taken.append(free[0])
            parts.append(element("line", class_="lead", x1=_RIGHT, x2=_RIGHT + 8, y1=y, y2=free[0]))
            parts.append(element("text", text(said, _MOST_LABEL), class_=f"name {kind}", x=_RIGHT + 10, y=free[0] + 4))
    return "".join(parts)


def _told(plot: _Plot, levels: Sequence[LevelRow], brief: Brief) -> str:
    chart, row = plot.chart, brief.headline
    decimals = chart.price_decimals
    said = [f"From {words.day(chart.open_ms[plot.first])} to {words.day(chart.open_ms[-1])}."]
    if row is not None:
        said.append(
            f"Last price {words.price(row.last, decimals)}, 200-day average {words.price(row.sma200, decimals)}."
        )
    if levels:
        said.append(f"Levels: {'; '.join(words.brief_price(one.price, decimals) for one in levels)}.")
    return " ".join(said)
