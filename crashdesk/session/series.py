"""The trader's daily series as far as they are known at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import fsum

from crashdesk.model.series import DailySeries
from crashdesk.session.views import SeriesRow

SHORT, LONG = 5, 21
"""Entries of the sums: a week and a month of trading days, as they are in the file."""
SHOWN = 60
"""So many entries are drawn."""


def series_rows(series: Iterable[DailySeries], now_ms: int) -> tuple[SeriesRow, ...]:
    """What each series tells at `now_ms`; entries that are not known by then do not exist."""
    return tuple(_row(one, bisect_right(one.at_ms, now_ms - one.known_after_ms)) for one in series)


def _row(series: DailySeries, count: int) -> SeriesRow:
    values = series.values[:count]
    return SeriesRow(
        name=series.name,
        title=series.title,
        unit=series.unit,
        last=values[-1] if values else None,
        last_ms=series.at_ms[count - 1] if values else None,
        sum_5=fsum(values[-SHORT:]) if count >= SHORT else None,
        sum_21=fsum(values[-LONG:]) if count >= LONG else None,
        values=values[-SHOWN:],
    )
