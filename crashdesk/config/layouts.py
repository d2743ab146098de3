"""Layouts of the desk: which panes stand where, as rows and columns with weights; those that are built in."""

from typing import NamedTuple

PANES = ("tickers", "sectors", "liquidations", "chart", "levels", "timeline")
"""The panes in the order of their numbers."""


class PaneBox(NamedTuple):
    """A pane's place. `weight` is its share of the row or column that it stands in, `least` and `most` bound it (cells
    along that row or column; None: `least` is the pane's own minimum, `most` unbounded).
    """

    pane: str
    weight: float = 1.0
    least: int | None = None
    most: int | None = None


class SplitBox(NamedTuple):
    """Boxes over one another (rows) or, `across`, beside one another (columns). Weight and bounds as of a pane."""

    across: bool
    boxes: tuple["PaneBox | SplitBox", ...]
    weight: float = 1.0
    least: int | None = None
    most: int | None = None


Box = PaneBox | SplitBox


class PaneLayout(NamedTuple):
    """A layout by its id: what is typed and remembered. No pane is in it twice."""

    id: str
    title: str
    root: SplitBox


def panes_of(box: Box) -> tuple[str, ...]:
    """The panes in a box, from the upper left one on."""
    if isinstance(box, PaneBox):
        return (box.pane,)
    return tuple(pane for inner in box.boxes for pane in panes_of(inner))


def _rows(*boxes: Box, weight: float = 1.0, least: int | None = None) -> SplitBox:
    return SplitBox(across=False, boxes=boxes, weight=weight, least=least)


def _columns(*boxes: Box, weight: float = 1.0) -> SplitBox:
    return SplitBox(across=True, boxes=boxes, weight=weight)


_FOOT = PaneBox("timeline", 12, least=3, most=9)
_SIDE = 40
"""Columns in which tickers or liquidations beside something larger still say what matters."""

DESK = PaneLayout(
    "desk",
    "all six panes",
    _rows(
        _rows(
            _columns(
                _rows(PaneBox("tickers", 60), PaneBox("sectors", 40, most=16), weight=55.5),
                PaneBox("liquidations", 44.5),
                weight=62,
            ),
            _columns(PaneBox("chart", 55.5), PaneBox("levels", 44.5), weight=38),
            weight=88,
        ),
        _FOOT,
    ),
)
CHART = PaneLayout(
    "chart",
    "a large chart, its levels, the tickers beside it",
    _rows(
        _columns(
            PaneBox("chart", 68),
            _rows(PaneBox("levels", 50), PaneBox("tickers", 50), weight=32, least=_SIDE),
            weight=88,
        ),
        _FOOT,
    ),
)
LIQUIDATIONS = PaneLayout(
    "liquidations",
    "who is forced out, and where the price is",
    _rows(
        _columns(
            PaneBox("liquidations", 56),
            _rows(PaneBox("chart", 55), PaneBox("levels", 45), weight=44),
            weight=88,
        ),
        _FOOT,
    ),
)
HEATMAP = PaneLayout(
    "heatmap",
    "sectors as large as they can be, the tickers beside them",
    _rows(_columns(PaneBox("sectors", 66, least=56), PaneBox("tickers", 34, least=_SIDE), weight=88), _FOOT),
)
WATCH = PaneLayout(
    "watch",
    "a long list of tickers, chart and liquidations small",
    _columns(
        PaneBox("tickers", 60),
        _rows(PaneBox("chart", 40), PaneBox("liquidations", 40), PaneBox("timeline", 20), weight=40, least=_SIDE),
    ),
)

PRESETS = {layout.id: layout for layout in (DESK, CHART, LIQUIDATIONS, HEATMAP, WATCH)}
"""The built-in layouts in the order of the key that goes through them."""
