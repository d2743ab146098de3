"""The theme's styles for the parts of a chart."""

from __future__ import annotations

from rich.style import Style

from crashdesk.desk.chart.cells import Part, StyleMap
from crashdesk.desk.palette import Palette
from crashdesk.model.level import LevelKind

LEVEL_PARTS = {
    LevelKind.SUPPORT: Part.SUPPORT,
    LevelKind.RESISTANCE: Part.RESISTANCE,
    LevelKind.TARGET: Part.TARGET,
    LevelKind.STOP: Part.STOP,
    LevelKind.LINE: Part.LEVEL_LINE,
    LevelKind.AVERAGE: Part.AVERAGE,
    LevelKind.ROUND: Part.ROUND,
}


def chart_styles(palette: Palette) -> StyleMap:
    """Every part's style in `palette`."""
    reverse, dim = Style(reverse=True), Style(dim=True)
    return {
        Part.BLANK: palette.blank,
        Part.AXIS: palette.border,
        Part.TICK: palette.muted,
        Part.GRID: palette.series["grid"],
        Part.LINE: palette.series["price"],
        Part.SMA200: palette.series["sma200"],
        Part.SMA50: palette.series["sma50"],
        Part.EMA200: palette.series["ema200"],
        Part.UP: palette.gain,
        Part.DOWN: palette.loss,
        Part.LAST: palette.strong + reverse,
        Part.PLACE: palette.accent,
        Part.PLACE_LABEL: palette.accent + reverse,
        Part.HINT: palette.muted,
        Part.CASCADE: palette.error,
        Part.CROSS: palette.muted,
        Part.CROSS_LABEL: palette.strong + reverse,
        Part.NOTE: palette.accent,
        Part.VOLUME_UP: palette.gain + dim,
        Part.VOLUME_DOWN: palette.loss + dim,
        Part.FOUND: palette.muted,
        Part.OPEN_UP: palette.gain + dim,
        Part.OPEN_DOWN: palette.loss + dim,
        Part.OPEN_LINE: palette.series["price"] + dim,
        **{part: palette.levels[kind] for kind, part in LEVEL_PARTS.items()},
    }


def is_mono(palette: Palette) -> bool:
    """Whether rising and falling look the same in this palette, so that shape must tell them apart."""
    return palette.gain == palette.loss
