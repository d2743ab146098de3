"""What the crosshair tells: its candle's values, and how far its price is from the last one and the nearest levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC

from crashdesk.desk import figures
from crashdesk.desk.chart.places import bar_of
from crashdesk.desk.chart.request import CrossMark, Plot
from crashdesk.desk.levels.words import level_price, short_name
from crashdesk.desk.line import Piece
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price, exact_price
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import ChartView


def cross_groups(
    view: ChartView, levels: Sequence[LevelRow], plot: Plot, cross: CrossMark, look: Look
) -> list[list[Piece]]:
    """Time, open, high, low, close; the price, its distance to the last one and to the next levels; volume."""
    groups = [*_candle(view, plot, cross, look), *_distances(view, levels, cross, look)]
    index = bar_of(plot, cross.ts_ms)
    volume = plot.bars.volume[index] if index is not None else 0.0
    return [*groups, [("volume ", look.palette.muted), (f"{volume:,.5g}", look.palette.text)]] if volume > 0 else groups


def _candle(view: ChartView, plot: Plot, cross: CrossMark, look: Look) -> list[list[Piece]]:
    palette, bars, index = look.palette, plot.bars, bar_of(plot, cross.ts_ms)
    at = bars.open_ms[index] if index is not None else cross.ts_ms
    zone = UTC if view.timeframe.ms >= DAY_MS else look.zone
    when = figures.date(at, zone) + (f" {figures.hour_minute(at, zone)}" if view.timeframe.ms < DAY_MS else "")
    groups: list[list[Piece]] = [[(when, palette.strong)]]
    if index is None or not math.isfinite(bars.close[index]):
        return [*groups, [("no candle", palette.muted)]]
    if bars.merged > 1:
        groups[0].append((f" {bars.merged} candles", palette.muted))
    if bars.unfinished and index == len(bars) - 1:
        groups[0].append((" unfinished", palette.muted))
    values = (bars.open[index], bars.high[index], bars.low[index], bars.close[index])
    pieces: list[Piece] = []
    for name, value in zip("OHLC", values, strict=True):
        pieces += [(f"{' ' if pieces else ''}{name} ", palette.muted)]
        pieces += [(exact_price(value, view.price_decimals), palette.text)]
    return [*groups, pieces]


def _distances(view: ChartView, levels: Sequence[LevelRow], cross: CrossMark, look: Look) -> list[list[Piece]]:
    palette, price = look.palette, cross.price
    pieces: list[Piece] = [(f"{look.glyphs.cursor}{compact_price(price, view.price_decimals)}", palette.accent)]
    if view.last is not None and view.last > 0:
        pieces.append((f" {figures.percent((price / view.last - 1) * 100, look.glyphs, 2)} to last", palette.muted))
    groups = [pieces]
    known = [row for row in levels if row.price > 0 and math.isfinite(row.price)]
    above = min((row for row in known if row.price > price), key=lambda row: row.price, default=None)
    below = max((row for row in known if row.price <= price), key=lambda row: row.price, default=None)
    for sign, row in ((look.glyphs.rise, above), (look.glyphs.fall, below)):
        if row is not None:
            far = figures.percent((row.price / price - 1) * 100, look.glyphs)
            words = f"{sign} {level_price(row, view.price_decimals)} {short_name(row)}"
            groups.append([(words, palette.levels[row.kind]), (f" {far}", palette.muted)])
    return groups
