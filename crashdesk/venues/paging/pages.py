"""What a venue's REST history of liquidations is like: the rules of its pages and the way to ask for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class PageRules:
    """How a venue pages.

    `rows` is what a full page holds. With `window_ms` None a page has the newest rows up to an end; else a request
    names both ends, at most `window_ms` apart, and which rows a full page has is not relied on. `unit_ms` is the
    resolution of the venue's times; `whole_venue` tells that the sources together are all contracts. `requests` is how
    many pages of one source are asked for in one poll, `every_s` the least time between polls, and `cool_s` the wait
    after a refusal for too many requests that names none.
    """

    rows: int
    whole_venue: bool = True
    window_ms: int | None = None
    unit_ms: int = 1
    requests: int = 30
    every_s: float = 0.0
    cool_s: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time span to ask for, both ends inclusive (UTC ms); `end_ms` None is "up to now".

    `live_ms` is set on the span that reaches up to now: when it was made. `behind_full` is set when full pages with
    newer rows came before it; `failures` counts what came to nothing.
    """

    start_ms: int
    end_ms: int | None = None
    live_ms: int | None = None
    behind_full: bool = False
    failures: int = 0


class Pager(Protocol):
    """One venue's way. A source is what one request can be about: a contract, a settlement currency, all."""

    rules: PageRules

    def sources(self, perpetuals: Sequence[str]) -> Sequence[str]:
        """The sources, given the symbols of the watched perpetuals."""
        ...

    def holds(self, source: str, symbol: str) -> bool:
        """Whether the liquidations of `symbol` come from `source`."""
        ...

    async def ask(self, exchange: Any, source: str, span: Span) -> list[object]:
        """The raw rows of one page of the span. Raises BadDataError for what is no list, and whatever ccxt raises."""
        ...

    def time_of(self, row: object) -> int | None:
        """A raw row's time in UTC ms, None when it has none."""
        ...


def whole_ms(value: object, unit_ms: int = 1) -> int | None:
    """A venue's time field, a number or text in units of `unit_ms`, in UTC ms; None when it is none."""
    try:
        return int(str(value)) * unit_ms
    except ValueError:
        return None
