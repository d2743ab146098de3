"""A theme shown on the terminal as it is, without a desk: rows, tiles, liquidations and levels of one night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import TextIO

from rich.console import Console
from rich.segment import Segment, Segments

from crashdesk.config.theme import MONO, Theme
from crashdesk.desk.bars import sparkline, track
from crashdesk.desk.figures import percent
from crashdesk.desk.glyphs import glyphs_for
from crashdesk.desk.line import Line
from crashdesk.desk.liquidations.rows import row_line
from crashdesk.desk.look import Look
from crashdesk.desk.paint import make_palette
from crashdesk.model.level import LevelKind
from crashdesk.model.money import MICRO
from crashdesk.model.records import Side
from crashdesk.session.liquidation_views import FeedRow

WIDTH = 78
_TICKERS = (
    ("BTC", "106,200", -0.7, -3.4, 0.30, "16%"),
    ("ETH", "3,598", -0.3, -8.9, 0.22, "26%"),
    ("SOL", "163.10", 0.4, -11.3, 0.14, "44%"),
    ("BNB", "988.00", 1.2, 0.8, 0.81, "25%"),
)
_HEAT = (-12.0, -9.0, -6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0)
_LEVELS = (
    (LevelKind.RESISTANCE, "110,000", "swing low, broken", 3.6),
    (LevelKind.AVERAGE, "109,800", "SMA200", 3.4),
    (LevelKind.TARGET, "107,500", "take half", 1.2),
    (LevelKind.LINE, "105,000", "my line", -1.1),
    (LevelKind.STOP, "103,900", "out", -2.2),
    (LevelKind.SUPPORT, "103,528", "swing low", -2.5),
    (LevelKind.ROUND, "100,000", "round", -5.8),
)
_FEED = (
    ("okx", "BTC/USDT:USDT", Side.LONG, 105_120.0, 33_960_000),
    ("bybit", "ETH/USDT:USDT", Side.LONG, 3_597.0, 1_204_330),
    ("htx", "SOL/USDT:USDT", Side.SHORT, 163.2, 184_010),
    ("binanceusdm", "DOGE/USDT:USDT", Side.LONG, 0.1667, 24_170),
    ("okx", "XRP/USDT:USDT", Side.SHORT, 2.305, 912),
)
_NIGHT_MS = 1_762_225_964_000
"""2025-11-04 03:12:44 UTC."""


def write_sample(theme: Theme, stdout: TextIO, environment: Mapping[str, str], *, plain_ascii: bool) -> None:
    """Print the sample; in plain text where `stdout` is no terminal, without colours where NO_COLOR is set."""
    drawn = MONO if "NO_COLOR" in environment else theme
    look = Look(make_palette(drawn), glyphs_for(plain_ascii=plain_ascii), UTC, "UTC")
    console = Console(file=stdout, highlight=False, _environ=environment)
    width = min(WIDTH, console.width)
    stdout.write(f"{theme.id}: {theme.title}\n")
    for line in (*_bar(look, width), *_tickers(look, width), *_tiles(look, width), *_feed(look, width)):
        _print(console, line, look)
    for line in (*_levels(look, width), *_chart(look, width)):
        _print(console, line, look)
    stdout.write("\n")


def _print(console: Console, line: Line, look: Look) -> None:
    console.print(Segments([*line.strip(look.palette.blank), Segment.line()]), end="", soft_wrap=True)


def _bar(look: Look, width: int) -> Iterator[Line]:
    """The status line: chips, figures, feeds."""
    palette, glyphs, line = look.palette, look.glyphs, Line(width)
    line.put(f" {glyphs.live} LIVE ", palette.chip_live)
    line.put(f" {glyphs.paused} REPLAY ", palette.chip_replay)
    line.put(" RECONSTRUCTION ", palette.chip_label)
    line.pieces(((" falling ", palette.bar_muted), ("58/61", palette.bar_loss), ("  okx ", palette.bar_muted)))
    line.pieces((("0.8s", palette.bar_ok), (" htx ", palette.bar_muted), ("19s", palette.bar_stale)))
    line.pieces(((" bybit ", palette.bar_muted), (f"{glyphs.crossed} geo", palette.bar_down)))
    line.space(line.room, palette.bar)
    yield line


def _tickers(look: Look, width: int) -> Iterator[Line]:
    """Rows of prices, the cursor on the first."""
    palette, glyphs = look.palette, look.glyphs
    head = Line(width)
    head.put("   sym        last      1h     24h   24h range            from high", palette.muted)
    yield head
    for place, (coin, last, hour, day, at, high) in enumerate(_TICKERS):
        line = Line(width)
        line.put(f" {glyphs.cursor if place == 0 else ' '} ", palette.accent)
        line.left(coin, 5, palette.strong)
        line.right(last, 10, palette.text)
        line.right(percent(hour, glyphs), 8, palette.change(hour))
        line.right(percent(day, glyphs), 8, palette.change(day))
        line.put("   " + track(0.0, at, 1.0, 20, glyphs), palette.muted)
        line.right(f"{glyphs.minus}{high}", 7, palette.loss)
        if place == 0:
            over = Line(width)
            over.pieces((text, style + palette.cursor) for text, style in line.written())
            over.space(over.room, palette.blank + palette.cursor)
            line = over
        yield line


def _tiles(look: Look, width: int) -> Iterator[Line]:
    """The ramp of the sectors, from the worst loss to the best gain."""
    line = Line(width)
    line.put("   ", look.palette.blank)
    for change in _HEAT:
        line.put(f"{percent(change, look.glyphs):^8}", look.palette.heat_of(change, _HEAT[-1]))
    yield line


def _feed(look: Look, width: int) -> Iterator[Line]:
    """Liquidations of all sizes, both sides."""
    for number, (venue, symbol, side, price, usd) in enumerate(_FEED):
        yield row_line(FeedRow(number, _NIGHT_MS - number * 700, venue, symbol, side, price, usd * MICRO), width, look)


def _levels(look: Look, width: int) -> Iterator[Line]:
    """A rung for each kind of level."""
    palette, glyphs = look.palette, look.glyphs
    for kind, price, label, distance in _LEVELS:
        line = Line(width)
        line.put(f" {glyphs.kinds[list(LevelKind).index(kind)]} ", palette.levels[kind])
        line.right(price, 9, palette.levels[kind])
        line.put(" ", palette.blank)
        line.left(label, 20, palette.text)
        line.right(percent(distance, glyphs), 8, palette.change(distance))
        line.pieces((("   ", palette.blank), (str(kind), palette.muted)))
        yield line


def _chart(look: Look, width: int) -> Iterator[Line]:
    """The series, and words of all weights."""
    palette, glyphs, line = look.palette, look.glyphs, Line(width)
    for name in ("price", "sma200", "sma50", "ema200", "grid"):
        line.pieces((("  " + sparkline((3, 4, 5, 4, 2), 5, glyphs), palette.series[name]), (f" {name}", palette.muted)))
    yield line
    words = Line(width)
    words.put("  text", palette.text)
    for name in ("strong", "muted", "accent", "warning", "error", "border", "border_focus"):
        words.pieces((("  ", palette.blank), (name.replace("_", " "), getattr(palette, name))))
    yield words
