"""The columns that the tickers can have, and named lists of symbols, as plain values."""

import re
from collections.abc import Mapping
from typing import NamedTuple

TICKER_COLUMNS: Mapping[str, str] = {
    "symbol": "the coin",
    "last": "the last price",
    "5m": "change against 5 minutes ago",
    "1h": "change against an hour ago; of a stale price its age",
    "4h": "change against 4 hours ago",
    "24h": "change against 24 hours ago",
    "7d": "change against 7 days ago (the day's close where nothing finer is known)",
    "range": "low and high of the last 24 h, and where the price is between them",
    "sparkline": "the price over the last 24 h",
    "from_high": "how far under the highest high of the history that is loaded, and its day",
    "sma200": "how far from the mean of the last 200 closed UTC days; a mark: the last close is under it",
    "next_level": "the nearest of your levels, published ones and SMA200, and how far it is",
    "funding": "funding rate of the perpetual for one interval",
    "oi": "open interest of the perpetual",
    "oi_1h": "change of that open interest, in dollars, against an hour ago",
    "oi_24h": "change of that open interest, in dollars, against 24 hours ago",
    "basis": "perpetual / spot - 1, the perpetual at the row's venue, else at the first that has one",
    "volume": "traded in 24 h",
    "liquidated_1h": "liquidated of the coin in the last hour: observed, a floor",
    "spread": "(max - min) / median of the symbol's price over the venues that are not silent",
    "venue": "where the price comes from",
    "age": "how long ago the price came",
}
"""Every column there is, and what it says."""
USUAL_COLUMNS = (
    "symbol", "last", "1h", "24h", "range", "sparkline", "from_high", "sma200", "funding", "volume", "oi",
)  # fmt: skip
"""Those that are shown when nobody chose others."""
ALL_GROUP = "all"
SECTOR = "sector:"
_TOP = re.compile(r"top (\d{1,4})(?: by volume)?")


class TickerGroup(NamedTuple):
    """A named list: each of `members` is a coin, a symbol, `sector:NAME` or `top N by volume`."""

    name: str
    members: tuple[str, ...]


class TickerSettings(NamedTuple):
    """`columns` in their order, empty: those chosen last on the desk, at first the usual ones.

    `dislocation_pct`: a row is warned of from this spread between the venues on, in percent; 0: never.
    """

    columns: tuple[str, ...] = ()
    dislocation_pct: float = 1.0
    groups: tuple[TickerGroup, ...] = ()


def top_of(member: str) -> int | None:
    """How many `top 20 by volume` means; None for any other member."""
    found = _TOP.fullmatch(" ".join(member.lower().split()))
    return int(found[1]) if found else None


def known_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `names` that are columns, each once; the symbol is always among them, first when it is not named."""
    kept = tuple(dict.fromkeys(name for name in names if name in TICKER_COLUMNS))
    return kept if "symbol" in kept else ("symbol", *kept)


def columns_markdown() -> str:
    """One Markdown table of all columns, ending in a line end."""
    lines = ["| column | says |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in TICKER_COLUMNS.items()]
    return "\n".join(lines) + "\n"
