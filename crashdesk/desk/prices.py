"""Prices as text: thousands separated; an exponent only where a column is too narrow for the digits."""

from __future__ import annotations

import math
from functools import lru_cache

from crashdesk.desk.glyphs import Glyphs
from crashdesk.model.words import exact_price as exact_price

MOST_DECIMALS = 12


@lru_cache(maxsize=4_096)
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


def written_price(price: float) -> str:
    """A price as it was typed: all of its digits and no more."""
    text = f"{price:,.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return text if math.isfinite(price) else "?"


def short_price(price: float, glyphs: Glyphs) -> str:
    """About four digits in at most six cells: `104.9k`, `163.1`, `0.2671`, `9.1e−6`."""
    size = abs(price)
    if size >= 100_000:
        return f"{price / 1_000:.1f}k"
    if size >= 10_000:
        return f"{price / 1_000:.2f}k"
    if size >= 1_000:
        return f"{price:.0f}"
    if size >= 100:
        return f"{price:.1f}"
    if size >= 1:
        return f"{price:.{2 if size >= 10 else 3}f}"
    if size >= 0.01:
        return f"{price:.4f}"
    return f"{price:.1e}".replace("e-0", "e-").replace("-", glyphs.minus)


def fitted_price(price: float, width: int, glyphs: Glyphs) -> str:
    """A price of an instrument whose decimals are not known: compact where that fits, else short."""
    text = compact_price(price, MOST_DECIMALS)
    return text if len(text) <= width else short_price(price, glyphs)
