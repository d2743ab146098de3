"""What the columns, signs and marks of a pane mean, in a line each."""

from __future__ import annotations

from crashdesk.config.ticker_settings import TICKER_COLUMNS, USUAL_COLUMNS
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.tickers.columns import COLUMNS
from crashdesk.model.cascade import CascadeSettings, cascade_definition
from crashdesk.model.level import LevelKind

Legend = tuple[tuple[str, str], ...]
"""A sign or the name of a column, and what it means."""
UNBROKEN = "\u00a0"
"""A blank at which no line is folded."""


def legend(pane: str, glyphs: Glyphs) -> Legend:
    """Of a pane of that name; nothing for any other name."""
    match pane:
        case "tickers":
            return _tickers(glyphs)
        case "sectors":
            return _sectors(glyphs)
        case "liquidations":
            return _liquidations(glyphs)
        case "chart":
            return _chart(glyphs)
        case "levels":
            return _levels(glyphs)
        case "timeline":
            return _timeline(glyphs)
    return ()


def everywhere(glyphs: Glyphs) -> Legend:
    """Of the line over the panes and of the strip under them, which are there whatever pane is in front."""
    return (
        ("REPLAY 60x", "a recording plays, 60 seconds of it in one; LIVE: the market as it is"),
        ("RECONSTRUCTION", "rebuilt from published figures of a past crash, not recorded"),
        ("falling 63/64", "sector members that fall over 24 h, of those with a price"),
        ("liq 24h", "liquidated in 24 h as far as it was seen, a floor; *: the recording is shorter"),
        ("BTC -3.4%", "change of Bitcoin in 24 h"),
        ("stress 63 4/6", "how hard the market falls, 0 to 100, here from 4 of its 6 parts; STRESS tells each"),
        ("alerts 1", "rules of alerts that went off in the last 24 h; AL tells which"),
        ("worker", "the process that records: well, or why it does not"),
        ("okx 0.4s", "how old the newest price of a venue is"),
        (glyphs.spark[2:6], "replay: what was liquidated when, of the whole recording; a click goes to that time"),
        (
            f"{glyphs.cascade} {glyphs.event} {glyphs.note} {glyphs.bookmark} {glyphs.gap}",
            "on it: a cascade, an event, a note, a bookmark, a gap without data",
        ),
    )


def _tickers(glyphs: Glyphs) -> Legend:
    names = (*USUAL_COLUMNS, *(name for name in TICKER_COLUMNS if name not in USUAL_COLUMNS))
    return (
        *((COLUMNS[name].title, TICKER_COLUMNS[name]) for name in names),
        (glyphs.dot, "not known; never 0"),
        (glyphs.apart, "its price differs between venues by [tickers] dislocation_pct or more"),
    )


def _sectors(glyphs: Glyphs) -> Legend:
    return (
        ("a tile", "a sector and its change in 24 h: the colour is the change, the area the weight"),
        ("5/12", "members that have a price, of all its members"),
        (glyphs.dash, "no member has a price"),
        ("the frame", "whose baskets, which weights; how many members rise and fall; the scale of the colours"),
    )


def _liquidations(glyphs: Glyphs) -> Legend:
    return (
        ("long, short", "USD of positions that were liquidated: long is a long position, whatever the venue calls it"),
        ("a floor", "the sums of those public feeds that are seen, by how many of the venues; there was more"),
        ("24h*", "a window that is longer than the recording"),
        (glyphs.cursor, "the window that the tabs are about"),
        ("conn", "the part of the window in which the venue's feed was connected"),
        ("gaps, age", "how often the connection was lost in 24 h; how long ago the feed gave its last sign of life"),
        ("aside", "rows that could not be trusted: counted, not summed"),
        (glyphs.bar[-1] * 3, "grows with the logarithm of the dollars, from $1k to $10M"),
        ("per minute", "liquidated USD of each minute, the newest at the right"),
        (glyphs.cascade, cascade_definition(CascadeSettings())),
    )


def _chart(glyphs: Glyphs) -> Legend:
    return (
        ("dashed", "the candle that still runs; it counts in no average"),
        ("a hole", "candles that are missing; the frame counts them"),
        (glyphs.cascade, "a cascade ran in that candle"),
        (glyphs.note, "a note at that time, on the time axis"),
        ("at the axis", "what was liquidated at each price in 24 h, long and short; a full bar is the amount under it"),
        ("at the foot", "the volume of each candle; the highest one's stands at the axis"),
        ("SMA200", "the mean of the last 200 closed candles; there is none before there are 200"),
        ("last", "how far the last price is from it; slope: its change a day"),
        ("at the right", "levels and averages, each beside its row of the chart; +2: so many more in that row"),
    )


def _levels(glyphs: Glyphs) -> Legend:
    kinds = "  ".join(f"{sign}{UNBROKEN}{kind}" for sign, kind in zip(glyphs.kinds, LevelKind, strict=True))
    return (
        (glyphs.cursor, "the last price, between the levels over and under it"),
        ("kinds", kinds),
        ("3.6%  1.4 ATR", "how far from the last price, in percent and in average true ranges of 14 days"),
        ("$93.0M L", "liquidated near the level in 24 h; L: most of it long positions, S: short ones"),
        ("testing", "within half an ATR of it"),
        ("breached", "a daily close beyond it; reclaimed: the next close back"),
        (glyphs.alert, "an alert tells of it"),
        ("mine", "your own; the others were found, are published or averages, and Enter makes them yours"),
    )


def _timeline(glyphs: Glyphs) -> Legend:
    return (
        (glyphs.note, "a note, with its kind where it has one: hack, macro, flows ..."),
        (glyphs.cascade, "a cascade"),
        (glyphs.level, "a level was touched, breached or reclaimed"),
        (glyphs.event, "any other event, such as a feed that was lost or an alert"),
        ("replayed", "an alert that the rules in force now give at that time of a recording"),
        (f"{glyphs.times}48", "it happened so often; the time is that of the last one"),
        ("11-03", "a day (UTC) whose hour is not known"),
    )
