"""How the cells of the tickers are written: each into exactly so many cells."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk import figures
from crashdesk.desk.bars import sparkline, track
from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price, short_price
from crashdesk.model.money import MICRO
from crashdesk.session.views import TickerRow

Number = Callable[[TickerRow], float | None]
Draw = Callable[[Line, TickerRow, int, Look, int], None]
"""Writes a row's cell into exactly `width` cells; the last argument is the time shown, UTC ms."""

RANGE_END = 6
DATE = 6
LEVEL = 6


def symbol(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """The coin."""
    line.left(row.base, width, look.palette.strong, look.glyphs.ellipsis)


def last(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """The last price."""
    line.right(compact_price(row.last, row.price_decimals), width, look.palette.text)


def change(number: Number) -> Draw:
    """A change in percent, in its colour."""

    def draw(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
        percent = number(row)
        line.right(figures.percent(percent, look.glyphs), width, look.palette.change(percent))

    return draw


def hour(number: Number) -> Draw:
    """The same; of a stale row its age stands there."""
    usual = change(number)

    def draw(line: Line, row: TickerRow, width: int, look: Look, now_ms: int) -> None:
        if row.stale:
            line.right(f"{figures.age(now_ms - row.recv_ms)} old", width, look.palette.warning)
        else:
            usual(line, row, width, look, now_ms)

    return draw


def rate(number: Number, decimals: int) -> Draw:
    """A percentage that is no change of the price, in plain ink."""

    def draw(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
        percent, palette = number(row), look.palette
        style = palette.muted if percent is None else palette.text
        line.right(figures.percent(percent, look.glyphs, decimals), width, style)

    return draw


def dollars(number: Number) -> Draw:
    """US dollars, shortened."""

    def draw(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
        usd = number(row)
        text = look.glyphs.dot if usd is None else figures.usd_short(round(usd * MICRO))
        line.right(text, width, look.palette.muted)

    return draw


def day_range(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """Low, where the price is, high."""
    palette, glyphs = look.palette, look.glyphs
    if row.low_24h is None or row.high_24h is None:
        line.left(glyphs.dot.rjust(RANGE_END), width, palette.muted)
        return
    line.right(short_price(row.low_24h, glyphs), RANGE_END, palette.muted)
    room = width - 2 * RANGE_END
    place = track(row.low_24h, row.last, row.high_24h, room, glyphs)
    before, at, after = place.partition(glyphs.track_at)
    line.put(before, palette.muted)
    line.put(at, palette.change(row.change_24h_pct))
    line.put(after, palette.muted)
    line.left(short_price(row.high_24h, glyphs), RANGE_END, palette.muted)


def path(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """The day's prices."""
    drawn = sparkline(row.spark, width, look.glyphs)
    line.space(width - len(drawn), look.palette.blank)
    line.put(drawn, look.palette.change(row.change_24h_pct))


def from_high(line: Line, row: TickerRow, width: int, look: Look, now_ms: int) -> None:
    """How far under the high, and when that was."""
    palette = look.palette
    line.right(figures.percent(row.drawdown_pct, look.glyphs), width - DATE - 1, palette.change(row.drawdown_pct))
    line.space(1, palette.blank)
    when = "" if row.high_ms is None else figures.day_name(row.high_ms, now_ms, look.zone)
    line.left(when, DATE, palette.muted)


def average(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """How far from SMA200, and whether a day closed under it."""
    palette, glyphs = look.palette, look.glyphs
    line.right(figures.percent(row.sma200_distance_pct, glyphs), width - 2, palette.change(row.sma200_distance_pct))
    line.put(f" {glyphs.fall}" if row.sma200_breached else "  ", palette.loss)


def next_level(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """The level's price and how far it is."""
    palette, glyphs, level = look.palette, look.glyphs, row.more.level
    price = glyphs.dot if level is None else short_price(level, glyphs)
    line.right(price, LEVEL, palette.muted if level is None else palette.text)
    line.right("" if level is None else figures.percent(row.more.level_pct, glyphs), width - LEVEL, palette.muted)


def spread(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """How far the venues are apart; never below zero, so without a sign."""
    palette, percent = look.palette, row.more.spread_pct
    text = look.glyphs.dot if percent is None else f"{percent:.2f}%"
    line.right(text, width, palette.warning if row.more.dislocated else palette.muted)


def venue(line: Line, row: TickerRow, width: int, look: Look, _now_ms: int) -> None:
    """Where the price comes from."""
    line.left(row.venue, width, look.palette.muted, look.glyphs.ellipsis)


def age(line: Line, row: TickerRow, width: int, look: Look, now_ms: int) -> None:
    """How long ago the price came."""
    line.right(figures.age(now_ms - row.recv_ms), width, look.palette.warning if row.stale else look.palette.muted)
