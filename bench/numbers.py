"""Middle and high values of a sample."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil


def median(values: Sequence[float]) -> float:
    """The middle value (the mean of the two in the middle of an even number)."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def share_below(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the sample does not exceed: 0.95 for the 95th percentile."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
