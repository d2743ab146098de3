"""Filters of the tape as words: `okx long BTC >100k`, read and written."""

import math
import re
from typing import NamedTuple

from crashdesk.model.kinds import Side
from crashdesk.model.money import MICRO
from crashdesk.model.text import clean
from crashdesk.session.liquidation_views import FeedFilter, FeedRow
from crashdesk.session.views import DeskView

EXAMPLE = "okx long btc >100k"
MOST_USD = 10**12
"""A larger limit is a slip of the finger."""
PREFIX = 3
"""Letters from which the beginning of a venue's name stands for it."""
_AMOUNT = r"(?:>=?|≥)?\$?((?:\d[\d,_]*)?\.?\d*)(k|m|bn|b)?"
_COIN = r"[A-Z0-9]{1,20}"
_FACTORS = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_SIDES = {"long": Side.LONG, "longs": Side.LONG, "short": Side.SHORT, "shorts": Side.SHORT}
_CALLED = {"least_usd": "size", "side": "side", "venue": "venue", "coin": "coin"}
_NOTHING = frozenset({"all", "any", "from", "and"})


class Known(NamedTuple):
    """What words can be recognised as: venues of liquidations, and coins."""

    venues: frozenset[str]
    coins: frozenset[str]


def known_of(view: DeskView | None) -> Known:
    """The venues that are watched, and the coins that are priced here or were liquidated."""
    if view is None:
        return Known(frozenset(), frozenset())
    totals = view.liquidations
    venues = {row.venue for row in totals.coverage} | {row.venue for row in view.feed.rows}
    venues |= {named.name for named in totals.by_venue}
    coins = [row.base for row in view.tickers] + [named.name for named in totals.by_coin]
    return Known(frozenset(name.lower() for name in venues), frozenset(name.upper() for name in coins))


def passes(row: FeedRow, wanted: FeedFilter) -> bool:
    """Whether the tape shows a row under a filter."""
    return row.usd_micro >= wanted.least_usd * MICRO and wanted.takes(row.venue, row.symbol, row.side)


def read_amount(text: str) -> int:
    """Whole dollars of `250k`, `>100k`, `$1.5M`, `0`. Raises ValueError with one sentence."""
    match = re.fullmatch(_AMOUNT, text.strip().lower(), re.ASCII)
    if match is None or not any(c.isdigit() for c in match[1]):
        raise ValueError(f"{clean(text, 20)} is no amount; write one such as 250k")
    usd = float(match[1].replace(",", "").replace("_", "")) * _FACTORS.get(match[2] or "", 1)
    if usd > MOST_USD:
        raise ValueError(f"{clean(text, 20)} is more than was ever liquidated")
    return math.ceil(usd)


def read_filter(text: str, known: Known, *, typing: bool = False) -> FeedFilter:
    """The filter that words ask for. Raises ValueError with one sentence; while `typing` unknown words are left out."""
    wanted = FeedFilter()
    for word in text.replace(";", " ").split():
        try:
            wanted = _joined(wanted, _with_word(word.strip(","), known, typing=typing), word)
        except ValueError:
            if not typing:
                raise
    return wanted


def _joined(wanted: FeedFilter, more: FeedFilter, word: str) -> FeedFilter:
    """Both filters at once; two venues, coins, sides or sizes are one too many."""
    for name, old, new in zip(FeedFilter._fields, wanted, more, strict=True):
        if old and new and old != new:
            raise ValueError(f"{clean(word, 20)} is a second {_CALLED[name]}; the tape shows one or all")
    least, side = more.least_usd or wanted.least_usd, more.side or wanted.side
    return FeedFilter(least, side, more.venue or wanted.venue, more.coin or wanted.coin)


def _with_word(word: str, known: Known, *, typing: bool) -> FeedFilter:
    low = word.lower()
    if low in _NOTHING or not low:
        return FeedFilter()
    if low in _SIDES:
        return FeedFilter(side=_SIDES[low])
    if low in known.venues:
        return FeedFilter(venue=low)
    if word.upper() in known.coins:
        return FeedFilter(coin=word.upper())
    if word[0] in "<=":
        raise ValueError(f"{clean(word, 20)}: only a smallest size can be asked for, such as >100k")
    if word[0] in ">≥$" or (word[0].isdigit() and re.fullmatch(_AMOUNT, low, re.ASCII)):
        return FeedFilter(least_usd=read_amount(word))
    begun = sorted(name for name in known.venues if len(low) >= PREFIX and name.startswith(low))
    if len(begun) > 1:
        raise ValueError(f"{clean(word, 20)} may be {' or '.join(begun)}")
    if begun:
        return FeedFilter(venue=begun[0])
    if typing or not re.fullmatch(_COIN, word.upper(), re.ASCII):
        raise ValueError(f"{clean(word, 20)} is no side, venue, coin or size; write for instance {EXAMPLE}")
    return FeedFilter(coin=word.upper())


def amount_words(usd: int) -> str:
    """`250k`, `1M`, `1.5M`, `1,234`: can be read again."""
    if usd >= 1_000_000 and usd % 10_000 == 0:
        return f"{usd / 1_000_000:,.2f}".rstrip("0").rstrip(".") + "M"
    return f"{usd // 1_000:,}k" if usd >= 1_000 and usd % 1_000 == 0 else f"{usd:,}"


def filter_words(wanted: FeedFilter) -> str:
    """`okx long BTC >100k`; empty when everything passes. `read_filter` reads it back."""
    size = f">{amount_words(wanted.least_usd)}" if wanted.least_usd else ""
    side = wanted.side.value if wanted.side else ""
    return " ".join(part for part in (wanted.venue or "", side, wanted.coin or "", size) if part)
