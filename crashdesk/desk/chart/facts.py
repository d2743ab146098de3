"""The exact values above the chart, as words: close, SMA200, distance, slope, time since the breach."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line, Piece
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price, exact_price
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.session.views import ChartView

AVERAGE_DAYS = 200
FACT_GAP = 2


def title_groups(view: ChartView, look: Look) -> list[list[Piece]]:
    """`BTC/USDT okx`, `1d`, `SMA200 109,800 ▼ breached`, `(close 11-03)`: the first ones matter most."""
    palette, decimals = look.palette, view.price_decimals
    venue = [(f" {view.venue}", palette.muted)] if view.venue else []
    groups: list[list[Piece]] = [[(view.symbol, palette.strong), *venue], [(str(view.timeframe), palette.accent)]]
    if view.sma200_daily is not None:
        average = f"SMA200 {compact_price(view.sma200_daily, decimals)} "
        groups.append([(average, palette.series["sma200"]), *_breach(view, look)])
    return groups


def _breach(view: ChartView, look: Look) -> list[Piece]:
    palette = look.palette
    if view.sma200_breached is None:
        return []
    if not view.sma200_breached:
        return [("last close above", palette.gain)]
    since = view.breached_since_ms
    day = f" (close {close_day(since)})" if since is not None else ""
    return [(f"{look.glyphs.fall} breached", palette.loss), (day, palette.muted)]


def close_day(close_ms: int) -> str:
    """The UTC day `11-03` that a daily candle closing at `close_ms` (the next midnight) stands for."""
    return figures.month_day(close_ms - 1, UTC)


def fact_groups(view: ChartView, now_ms: int, look: Look) -> list[list[Piece]]:
    """What stands in the row of exact values, most wanted first; each group whole or not at all."""
    palette = look.palette
    groups: list[list[Piece]] = []
    closed = closed_count(view)
    if closed:
        groups.append(
            [
                (f"close {_opened(view, closed - 1, look)} ", palette.muted),
                (exact_price(view.close[closed - 1], view.price_decimals), palette.strong),
            ]
        )
    if 0 < closed < AVERAGE_DAYS and view.timeframe is not Timeframe.D1:
        few = f"{closed} of {AVERAGE_DAYS} {view.timeframe} candles for an average"
        groups.append([(few, palette.muted)])
    average = view.sma200_daily
    if average is None:
        return [*groups, [(_missing_average(view, closed), palette.muted)]] if closed else groups
    groups.append(
        [("SMA200 ", palette.series["sma200"]), (exact_price(average, max(view.price_decimals, 2)), palette.strong)]
    )
    if view.last is not None and average > 0:
        distance = (view.last / average - 1) * 100
        far = figures.percent(distance, look.glyphs, 2)
        groups.append([("last ", palette.muted), (far, palette.change(distance))])
    if (slope := average_slope(view)) is not None:
        groups.append([("slope ", palette.muted), (f"{figures.percent(slope, look.glyphs, 2)} a day", palette.text)])
    if view.sma200_breached and view.breached_since_ms is not None:
        groups.append([("breached ", palette.muted), (since_words(now_ms - view.breached_since_ms), palette.text)])
    return groups


def closed_count(view: ChartView) -> int:
    """Candles that are closed."""
    return max(0, len(view.close) - (1 if view.open_last else 0))


def average_slope(view: ChartView) -> float | None:
    """Change of the SMA200 from the day before the last closed one to that one, in percent; daily charts only."""
    closed = closed_count(view)
    if view.timeframe is not Timeframe.D1 or closed < 2:
        return None
    before, now = view.sma200[closed - 2], view.sma200[closed - 1]
    if not (math.isfinite(before) and math.isfinite(now) and before > 0):
        return None
    return (now / before - 1) * 100


def since_words(ms: int) -> str:
    """`3 days`, `1 day`, `5 h`: whole days, under a day whole hours."""
    days = max(0, ms) // DAY_MS
    if days:
        return f"{days} day{'s' if days > 1 else ''} ago"
    return f"{max(0, ms) // HOUR_MS} h ago"


def fitting_groups(groups: Iterable[Sequence[Piece]], gap: Piece, room: int) -> list[Piece]:
    """As many whole groups as fit into `room` cells, `gap` between them."""
    pieces: list[Piece] = []
    known = list(groups)
    for group in known[: fitting_count(known, len(gap[0]), room)]:
        pieces += [*([gap] if pieces else []), *group]
    return pieces


def fitting_count(groups: Sequence[Sequence[Piece]], gap: int, room: int) -> int:
    """How many groups from the first on fit whole into `room` cells, `gap` cells between them."""
    used = -gap
    for count, group in enumerate(groups):
        used += gap + sum(len(text) for text, _ in group)
        if used > room:
            return count
    return len(groups)


def fact_strip(groups: Iterable[Sequence[Piece]], width: int, look: Look) -> Strip:
    """The row of exact values: as many groups as fit."""
    line = Line(width)
    line.put(" ", look.palette.blank)
    line.pieces(fitting_groups(groups, (" " * FACT_GAP, look.palette.blank), width - 1))
    return line.strip(look.palette.blank)


def _opened(view: ChartView, index: int, look: Look) -> str:
    """The candle's last day, under a day its closing time."""
    if view.timeframe.ms >= DAY_MS:
        return close_day(view.open_ms[index] + view.timeframe.ms)
    return figures.hour_minute(view.open_ms[index] + view.timeframe.ms, look.zone)


def _missing_average(view: ChartView, closed: int) -> str:
    if view.timeframe is Timeframe.D1 and closed < AVERAGE_DAYS:
        return f"no SMA200: {closed} of {AVERAGE_DAYS} daily candles"
    return f"no SMA200: fewer than {AVERAGE_DAYS} daily candles"
