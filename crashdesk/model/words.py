"""Figures and names as every sentence writes them."""

from __future__ import annotations

from math import isfinite

from crashdesk.model.money import MICRO


def usd_short(micro: int) -> str:
    """Micro-dollars in at most eight cells: `$19.13bn`, `$1.279bn`, `$118.2M`, `$33.96M`, `$88.1k`, `$412`."""
    usd = micro / MICRO
    if usd >= 999_950_000:
        decimals = 3 if usd < 9_999_500_000 else 2 if usd < 99_995_000_000 else 1
        return f"${usd / 1e9:,.{decimals}f}bn"
    if usd >= 999_950:
        return f"${usd / 1e6:.{1 if usd >= 99_995_000 else 2}f}M"
    return f"${usd / 1e3:.1f}k" if usd >= 999.5 else f"${usd:.0f}"


def exact_price(price: float, decimals: int) -> str:
    """All of the instrument's decimals, whole prices from 1,000 on without `.00`: `105,000`, `3,598.42`, `0.2063`."""
    if not isfinite(price):
        return "?"
    decimals = min(max(decimals, 0), 16)
    text = f"{price:,.{decimals}f}"
    if abs(price) >= 1000 and decimals and not text[-decimals:].strip("0"):
        return text[: -decimals - 1]
    return text


def coin_of(symbol: str) -> str:
    """The base currency of a unified symbol: `BTC` of `BTC/USDT:USDT`."""
    return symbol.partition("/")[0]


def pair_name(symbol: str) -> str:
    """`BTC-USDT` of `BTC/USDT:USDT`."""
    return symbol.partition(":")[0].replace("/", "-")


def plain_figure(value: float) -> str:
    """A figure of an unknown kind with two decimals at most, `-946`, `1,234.5`; below one four digits, `0.0213`."""
    if not isfinite(value):
        return "?"
    if value and abs(value) < 1:
        return f"{value:.4g}"
    whole, _, decimals = f"{value:,.2f}".partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".")
