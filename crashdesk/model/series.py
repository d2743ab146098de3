"""A figure a day that the trader keeps: ETF flows, holders' balances, closes of stocks."""

from typing import NamedTuple


class DailySeries(NamedTuple):
    """One series, oldest first; `at_ms` and `values` are columns of equal length.

    `at_ms` is 00:00 UTC of the entry's day, or its exact time. An entry is known `known_after_ms` later: only then does
    it count. `name` is its table in config.toml; `unit` stands behind the figures.
    """

    name: str
    title: str
    unit: str
    known_after_ms: int
    at_ms: tuple[int, ...]
    values: tuple[float, ...]
