"""The details of liquidations: the largest ones and the profile by price, from rows or added up. Knows of no files."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from operator import attrgetter

from crashdesk.model.columns import (
    MOST_LARGEST,
    InstrumentKey,
    LargestLiquidation,
    LiquidationColumns,
    LiquidationDetails,
    SideSums,
    profile_bin,
)
from crashdesk.model.records import Side

_RANK = attrgetter("rank")


def details_of(rows: LiquidationColumns) -> LiquidationDetails:
    """The largest liquidations and the profile of these rows, whose prices are above 0."""
    return LiquidationDetails(_largest(rows), _profile(rows))


def _largest(rows: LiquidationColumns) -> tuple[LargestLiquidation, ...]:
    usd = rows.usd_micro
    places: Sequence[int] = range(len(usd))
    if len(usd) > MOST_LARGEST:
        least = sorted(usd)[-MOST_LARGEST]
        places = [place for place, value in enumerate(usd) if value >= least]
    found = (
        LargestLiquidation(*rows.keys[rows.key[place]], rows.price[place], usd[place], rows.ts_ms[place])
        for place in places
    )
    return tuple(nsmallest(MOST_LARGEST, found, key=_RANK))


def _profile(rows: LiquidationColumns) -> dict[InstrumentKey, dict[int, SideSums]]:
    sums: dict[tuple[int, int], list[int]] = {}
    for key, price, usd in zip(rows.key, rows.price, rows.usd_micro, strict=True):
        entry = sums.setdefault((key, profile_bin(price)), [0, 0])
        entry[0] += usd
        entry[1] += 1
    profile: dict[InstrumentKey, dict[int, SideSums]] = {}
    for (key, place), (usd, orders) in sums.items():
        venue, symbol, side = rows.keys[key]
        long = usd if side is Side.LONG else 0
        _add_bin(profile.setdefault((venue, symbol), {}), place, (long, usd - long, orders))
    return profile


def add_details(a: LiquidationDetails, b: LiquidationDetails) -> LiquidationDetails:
    """The details of both."""
    profile = {key: dict(bins) for key, bins in a.profile.items()}
    for key, bins in b.profile.items():
        mine = profile.setdefault(key, {})
        for place, sums in bins.items():
            _add_bin(mine, place, sums)
    return LiquidationDetails(tuple(nsmallest(MOST_LARGEST, (*a.largest, *b.largest), key=_RANK)), profile)


def _add_bin(bins: dict[int, SideSums], place: int, sums: SideSums) -> None:
    had = bins.get(place, (0, 0, 0))
    bins[place] = had[0] + sums[0], had[1] + sums[1], had[2] + sums[2]
