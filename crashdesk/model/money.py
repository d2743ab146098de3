"""Money as integer micro-dollars, so that any order of adding gives the same sum."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

MICRO = 1_000_000
MOST_ORDER_MICRO = 1 << 53
"""No order is worth more ($9.007bn): a larger one is refused where it comes in, and no recording holds it. So the sums
of a recording's chunks fit 64 bits."""


def to_micro(usd: Decimal | float | int | str) -> int:
    """USD as integer micro-dollars, rounded half to even. Raises ValueError when it is not a finite number."""
    value = usd if isinstance(usd, Decimal) else Decimal(str(usd))
    if not value.is_finite():
        raise ValueError(f"not a finite amount: {usd}")
    return int((value * MICRO).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def exact_usd(micro: int) -> Decimal:
    """Micro-dollars as USD, exactly."""
    return Decimal(micro).scaleb(-6)


def to_usd(micro: int) -> float:
    """Micro-dollars as USD for display and reports."""
    return micro / MICRO
