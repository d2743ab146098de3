"""What a chart is drawn from, and the plot that comes out of it."""

from typing import NamedTuple

from crashdesk.desk.chart.cells import CellGrid
from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.scale import PriceScale
from crashdesk.desk.chart.window import Bars
from crashdesk.model.level import Point
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView


class PlaceMark(NamedTuple):
    """The line of a level that is being placed, and the words at its end."""

    price: float
    text: str


class CrossMark(NamedTuple):
    """The crosshair: the time of the candle it stands on (UTC ms) and a price."""

    ts_ms: int
    price: float


class TrendMark(NamedTuple):
    """A trend line that is being placed: its first point, where its second one is now, the words at its end.

    The points may come in either order; at one and the same time they are only shown as points.
    """

    first: Point
    second: Point
    text: str


class Marks(NamedTuple):
    """All marks that keys move."""

    place: PlaceMark | None = None
    cross: CrossMark | None = None
    trend: TrendMark | None = None

    @property
    def spot(self) -> CrossMark | None:
        """The point whose values are told: the crosshair, or the point of a trend line that is moved."""
        return CrossMark(*self.trend.second) if self.trend is not None else self.cross


class ChartRequest(NamedTuple):
    """Everything that a picture depends on. `width` x `height` cells, axes included.

    `cascades` are the opening times of the candles in which one ran, `notes` those at which a note is pinned. `place`,
    `cross` and `trend` are marks that move: they are laid over the finished plot.
    """

    view: ChartView
    levels: tuple[LevelRow, ...]
    width: int
    height: int
    options: ChartOptions
    place: PlaceMark | None = None
    cascades: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    cross: CrossMark | None = None
    trend: TrendMark | None = None


Span = tuple[float, float]
"""The lower price and the higher one."""


class Plot(NamedTuple):
    """A finished chart without the marks that move: its cells and where prices and bars lie in it.

    The plot starts at column `left` and is `columns` wide; its prices take `scale.rows` rows, the volume `volume_rows`
    under them (0: not shown). `gutter` columns at the right hold the level labels (0: none). A line being placed is
    brought into the scale while it is within `reach` (prices); `widened` tells that the scale was made larger for it.
    `candles` are the lowest and highest price of the bars, `with_last` the same widened for the last price.
    """

    grid: CellGrid
    scale: PriceScale
    bars: Bars
    left: int
    columns: int
    gutter: int
    reach: Span
    widened: bool
    candles: Span | None
    with_last: Span | None
    volume_rows: int = 0

    @property
    def rows(self) -> int:
        """Rows above the time axis."""
        return self.scale.rows + self.volume_rows
