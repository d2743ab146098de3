"""The columns that the tickers can have, and named lists of symbols, as plain values."""

from __future__ import annotations

import re
from typing import NamedTuple

TICKER_COLUMNS = (
    "symbol", "last", "5m", "1h", "4h", "24h", "7d", "range", "sparkline", "from_high", "sma200", "next_level",
    "funding", "oi", "basis", "volume", "liquidated_1h", "spread", "venue", "age",
)  # fmt: skip
"""Every column there is."""
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
