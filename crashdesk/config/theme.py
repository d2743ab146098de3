"""A theme: every colour that the desk draws with. Colours are `#rrggbb` or a name of `config.colour.ANSI_NAMES`.

A muted colour, border, grid or round level that is the text's own colour is drawn dim.
"""

from collections.abc import Iterator
from typing import NamedTuple


class BaseColours(NamedTuple):
    """The frame: grounds from back to front, lines, words."""

    background: str
    surface: str
    panel: str
    border: str
    focus: str
    text: str
    muted: str
    accent: str
    warning: str
    error: str


class MarketColours(NamedTuple):
    """What the market does.

    `heat` runs from the worst loss over no change (the middle) to the best gain: an odd number of grounds, 5 or more.
    `sizes` are 4 or 5 tiers of a liquidation, smallest first. `long` and `short` are the side that was liquidated.
    """

    gain: str
    loss: str
    long: str
    short: str
    heat: tuple[str, ...]
    sizes: tuple[str, ...]


class LevelColours(NamedTuple):
    """One colour for each `LevelKind`."""

    support: str
    resistance: str
    target: str
    stop: str
    line: str
    average: str
    round: str


class ChartColours(NamedTuple):
    """Series and ground of the chart; candles and volume are drawn in gain and loss."""

    price: str
    sma200: str
    sma50: str
    ema200: str
    grid: str


class StatusColours(NamedTuple):
    """States of the feeds and the mode in the status line."""

    ok: str
    stale: str
    down: str
    replay: str
    reconstruction: str


class Theme(NamedTuple):
    """All colours of the desk under one id (the file's name without `.toml`)."""

    id: str
    title: str
    dark: bool
    base: BaseColours
    market: MarketColours
    levels: LevelColours
    chart: ChartColours
    status: StatusColours

    def colours(self) -> Iterator[str]:
        """Every colour in it."""
        for group in (self.base, self.market, self.levels, self.chart, self.status):
            for value in group:
                yield from (value,) if isinstance(value, str) else value


def _plain() -> Theme:
    every = "ansi_default"
    return Theme(
        id="mono",
        title="Monochrome (no colours: bold, dim and reverse)",
        dark=True,
        base=BaseColours(*[every] * len(BaseColours._fields)),
        market=MarketColours(every, every, every, every, heat=(every,) * 5, sizes=(every,) * 4),
        levels=LevelColours(*[every] * len(LevelColours._fields)),
        chart=ChartColours(*[every] * len(ChartColours._fields)),
        status=StatusColours(*[every] * len(StatusColours._fields)),
    )


MONO = _plain()
"""The theme that is always there, of no file: what tells things apart is their weight, their sign and their shape."""
