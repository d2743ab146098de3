"""A theme: every colour that the desk draws with. Colours are `#rrggbb` or a name of `config.colour.ANSI_NAMES`."""

from __future__ import annotations

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
    """Series and ground of the chart; candles are drawn in gain and loss."""

    price: str
    sma200: str
    sma50: str
    ema200: str
    grid: str
    volume: str


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


TERMINAL = Theme(
    id="terminal",
    title="Terminal (your terminal's own 16 colours)",
    dark=True,
    base=BaseColours(
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_black",
        border="ansi_bright_black",
        focus="ansi_bright_cyan",
        text="ansi_default",
        muted="ansi_bright_black",
        accent="ansi_bright_cyan",
        warning="ansi_yellow",
        error="ansi_bright_red",
    ),
    market=MarketColours(
        gain="ansi_green",
        loss="ansi_red",
        long="ansi_magenta",
        short="ansi_cyan",
        heat=("ansi_bright_red", "ansi_red", "ansi_black", "ansi_green", "ansi_bright_green"),
        sizes=("ansi_bright_black", "ansi_default", "ansi_yellow", "ansi_bright_yellow", "ansi_bright_red"),
    ),
    levels=LevelColours(
        support="ansi_green",
        resistance="ansi_red",
        target="ansi_blue",
        stop="ansi_magenta",
        line="ansi_bright_blue",
        average="ansi_yellow",
        round="ansi_bright_black",
    ),
    chart=ChartColours(
        price="ansi_default",
        sma200="ansi_yellow",
        sma50="ansi_cyan",
        ema200="ansi_magenta",
        grid="ansi_bright_black",
        volume="ansi_blue",
    ),
    status=StatusColours(
        ok="ansi_green",
        stale="ansi_yellow",
        down="ansi_bright_red",
        replay="ansi_bright_cyan",
        reconstruction="ansi_bright_magenta",
    ),
)
"""The theme that is always there: it needs no file and no more than 16 colours."""
