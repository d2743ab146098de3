"""Prices as text: thousands separated, never an exponent."""

from __future__ import annotations

import math


def exact_price(price: float, decimals: int) -> str:
    """All of the instrument's decimals, whole prices from 1,000 on without `.00`: `105,000`, `3,598.42`, `0.2063`."""
    if not math.isfinite(price):
        return "?"
    decimals = min(max(decimals, 0), 16)
    text = f"{price:,.{decimals}f}"
    if abs(price) >= 1000 and decimals and not text[-decimals:].strip("0"):
        return text[: -decimals - 1]
    return text


def compact_price(price: float, decimals: int) -> str:
    """Five figures or so: whole from 1,000 on, else the instrument's decimals up to five significant figures."""
    if not math.isfinite(price):
        return "?"
    if abs(price) >= 1000:
        return f"{price:,.0f}"
    if price == 0:
        return "0"
    significant = 4 - math.floor(math.log10(abs(price)))
    return f"{price:,.{max(0, min(decimals, significant, 12))}f}"
