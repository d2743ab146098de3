"""What was on the screen when, worked out afterwards from the bytes and their times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, zip_longest
from math import inf
from typing import NamedTuple

from bench.screen import Screen

Chunk = tuple[float, bytes]
"""When the bytes came, and the bytes."""

_ORDERS = re.compile(r"\b24h\*?\s+\$[^│]*?%\s+\$\S+\s+([\d,]+)\b")
_PLACED = re.compile(r"▶([\d,.]+) [+−]\d")
_TICKERS = "1 Tickers"
PAUSE_S = 0.002
"""Bytes that come closer together belong to one picture."""


class Look(NamedTuple):
    """The screen at a moment: orders counted in 24 h (None: not shown), its last line, whether all panes are there.

    `placed` is the price of a level's line that is being placed, as it is shown.
    """

    moment: float
    orders: int | None
    last_line: str
    whole: bool
    placed: str | None = None


class Key(NamedTuple):
    """A key that was pressed at a moment, and how its answer looks."""

    moment: float
    answered: Callable[[Look], bool]


def looks(screen: Screen, chunks: Sequence[Chunk]) -> Iterator[Look]:
    """A look after each chunk behind which nothing came for `PAUSE_S`; the screen goes on from where it stands."""
    for (moment, data), after in zip_longest(chunks, chunks[1:]):
        screen.feed(data)
        if after is not None and after[0] - moment < PAUSE_S:
            continue  # half a picture shows figures that never were
        lines = screen.lines()
        text = "\n".join(lines)
        found = _ORDERS.search(text)
        orders = int(found.group(1).replace(",", "")) if found else None
        placed = _PLACED.search(text)
        yield Look(moment, orders, lines[-1].strip(), _TICKERS in text, placed.group(1) if placed else None)


def answers(keys: Sequence[Key], seen: Sequence[Look]) -> list[float]:
    """Seconds from each key to the bytes that show its answer; infinite where it did not come before the next key."""
    ends = [*(later.moment for _, later in pairwise(keys)), inf]
    return [
        next((look.moment - key.moment for look in seen if key.moment <= look.moment < end and key.answered(look)), inf)
        for key, end in zip(keys, ends, strict=True)
    ]


def delays(times: Sequence[float], seen: Sequence[Look], before: int = 0) -> list[float]:
    """Seconds from the time of each row, in order, until it is counted; `before` rows were counted already.

    Infinite for rows that never were.
    """
    found: list[float] = []
    for look in seen:
        if look.orders is not None:
            found += [look.moment - at for at in times[len(found) : max(0, look.orders - before)]]
    return found + [inf] * (len(times) - len(found))
