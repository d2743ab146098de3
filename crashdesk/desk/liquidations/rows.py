"""How one liquidation is written: time, venue, pair, side, price, dollars, a bar by its logarithm."""

from __future__ import annotations

import math

from rich.style import Style

from crashdesk.desk import figures
from crashdesk.desk.bars import bar
from crashdesk.desk.line import Line
from crashdesk.desk.look import Look
from crashdesk.desk.palette import Palette
from crashdesk.desk.prices import fitted_price
from crashdesk.model.kinds import Side
from crashdesk.model.largest import LargestLiquidation
from crashdesk.model.money import MICRO
from crashdesk.model.words import coin_of, pair_name
from crashdesk.session.liquidation_views import FeedRow

TIER_ENDS = (10_000, 100_000, 1_000_000, 10_000_000)
"""USD at which the next tier of emphasis begins."""
VENUE, PAIR, PRICE = 8, 10, 9
"""Cells of the columns, a blank between them left out."""
PRICE_FROM, PAIR_FROM = 58, 49
"""Columns from which a row has its price, and the whole pair with all digits of the dollars."""
LEAST_BAR, MOST_BAR = 4, 24
_BAR_FROM, _BAR_TO = 3.0, 7.0
"""Powers of ten (USD) between which bars grow."""
_VENUES = {
    "binanceusdm": "bin-usdm",
    "binancecoinm": "bin-coin",
    "hyperliquid": "hyperliq",
    "krakenfutures": "krak-fut",
    "kucoinfutures": "kuc-fut",
}


def row_line(row: FeedRow | LargestLiquidation, width: int, look: Look) -> Line:
    """A row of the tape or of the largest ones; what does not fit is left out whole, from the right."""
    palette, line = look.palette, Line(width)
    side = palette.long if row.side is Side.LONG else palette.short
    wide = width >= PAIR_FROM
    line.put(f"{' ' if wide else ''}{figures.clock(row.ts_ms, look.zone)} ", palette.muted)
    line.left(venue_name(row.venue, VENUE), VENUE + 1, palette.muted, look.glyphs.ellipsis)
    name, room = (pair_words(row.symbol), PAIR) if wide else (coin_of(row.symbol), VENUE)
    line.left(name, room + 1, palette.text, look.glyphs.ellipsis)
    line.put("LONG  " if row.side is Side.LONG else "short ", side)
    if width >= PRICE_FROM:
        line.right(fitted_price(row.price, PRICE, look.glyphs), PRICE, palette.text)
    usd = figures.usd_whole(row.usd_micro) if wide else figures.usd_short(row.usd_micro)
    line.right(usd, 12 if wide else 9, tier_style(row.usd_micro, palette))
    line.space(1, palette.blank)
    if line.room > LEAST_BAR:
        line.put(bar(log_share(row.usd_micro), min(MOST_BAR, line.room - 1), look.glyphs), side)
    return line


def tier_style(usd_micro: int, palette: Palette) -> Style:
    """The emphasis of an amount."""
    usd = usd_micro / MICRO
    return palette.tiers[min(sum(usd >= end for end in TIER_ENDS), len(palette.tiers) - 1)]


def log_share(usd_micro: int) -> float:
    """How long the bar of an amount is, 0 to 1: nothing under $1,000, all of it from $10M on."""
    usd = max(1.0, usd_micro / MICRO)
    return max(0.001, (math.log10(usd) - _BAR_FROM) / (_BAR_TO - _BAR_FROM))


def pair_words(symbol: str) -> str:
    """`BTC-USDT`; a longer one without its quote, so that the coin is never cut."""
    name = pair_name(symbol)
    return name if len(name) <= PAIR else coin_of(symbol)


def venue_name(venue: str, width: int) -> str:
    """The venue's name in at most `width` cells (8 or more), so that two venues never look the same."""
    return venue if len(venue) <= width else _VENUES.get(venue, venue[:width])
