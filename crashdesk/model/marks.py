"""The records that mark a time or a span of it: notes, events, gaps. Units are those of `records`."""

from typing import NamedTuple

from crashdesk.model.kinds import EventKind, Feed, Precision


class Note(NamedTuple):
    """A cause or remark pinned in time. `kind` is macro, hack, flows, stocks, levels, on-chain, news or mine."""

    id: str
    ts_ms: int
    precision: Precision
    kind: str
    text: str
    source: str
    url: str | None


class Event(NamedTuple):
    """Something that happened, with a span for cascades. Figures that do not apply are None.

    An event with the kind, `start_ms`, venue and symbol of an earlier one takes its place: a cascade that goes on is
    told again. Of a cascade, `symbol` is what `move_pct` was measured on, `venues` are those that liquidated, the most
    first, and `orders` how many.
    """

    kind: EventKind
    start_ms: int
    end_ms: int
    text: str
    venue: str | None = None
    symbol: str | None = None
    usd_micro: int | None = None
    long_usd_micro: int | None = None
    move_pct: float | None = None
    orders: int | None = None
    venues: tuple[str, ...] = ()


class Gap(NamedTuple):
    """A span in which a feed is known to have missed data."""

    venue: str
    feed: Feed
    start_ms: int
    end_ms: int
    reason: str
