"""What the modes of the chart see of it, and what comes of a key in one of them."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from crashdesk.desk import figures
from crashdesk.desk.chart.request import Plot
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.levels.place import Placing
from crashdesk.desk.prices import exact_price
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView

FAR = 10
"""Chart rows or bars of a far step."""

_FAR_STEPS = {"": 1, "_far": FAR}
ROWS = {f"{way}{far}": sign * n for way, sign in (("up", 1), ("down", -1)) for far, n in _FAR_STEPS.items()}
BARS = {f"{way}{far}": sign * n for way, sign in (("right", 1), ("left", -1)) for far, n in _FAR_STEPS.items()}
"""What the last part of an action's id, such as `up_far`, moves by."""


class Sight(NamedTuple):
    """The chart as it is shown; without a plot (no room, no candles) nothing moves by rows or bars."""

    view: ChartView
    plot: Plot | None
    levels: tuple[LevelRow, ...]


class Step(Enum):
    """What a key did: nothing here, something, the mode's end, or its goal."""

    OTHER = auto()
    DONE = auto()
    LEAVE = auto()
    SET = auto()


def line_words(line: Placing, last: float | None, glyphs: Glyphs) -> str:
    """The price as it is being typed, and how far it is from the last one."""
    price = line.typed + "_" if line.typed else exact_price(line.price, line.decimals)
    far = f" {figures.percent((line.price / last - 1) * 100, glyphs)}" if last else ""
    return f"{glyphs.cursor}{price}{far}"
