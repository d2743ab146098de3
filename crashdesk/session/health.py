"""The state of every feed, and how much of the liquidations was seen."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.model.records import Feed, Gap, HealthState, Method, RowsSetAside, Session, VenueHealth
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.session.liquidation_views import CoverageRow
from crashdesk.session.views import FeedLine, VenueLine

_RANK = (
    HealthState.OK,
    HealthState.STARTING,
    HealthState.STOPPED,
    HealthState.RATE_LIMITED,
    HealthState.RETRYING,
    HealthState.BAD_DATA,
    HealthState.GONE,
    HealthState.UNREACHABLE,
)
Span = tuple[int, int]
_KEPT_MS = 25 * HOUR_MS


class HealthBook:
    """Folds `VenueHealth`, `Gap` and `RowsSetAside`."""

    def __init__(self) -> None:
        self.generation = 0
        self._newest: dict[tuple[str, Feed], VenueHealth] = {}
        self._changes: dict[str, list[tuple[int, bool]]] = {}
        self._gaps: list[Gap] = []
        self._set_aside: dict[tuple[str, Feed, str], int] = {}
        self._methods: dict[str, Method] = {}

    def health(self, record: VenueHealth) -> None:
        """Fold a change of state or a keep-alive."""
        self.generation += 1
        self._newest[(record.venue, record.feed)] = record
        if record.feed is Feed.LIQUIDATIONS:
            if record.method not in (None, Method.UNREACHABLE):
                self._methods[record.venue] = record.method
            changes = self._changes.setdefault(record.venue, [])
            connected = record.state is HealthState.OK
            if not changes or changes[-1][1] != connected:
                changes.append((record.since_ms, connected))

    def gap(self, record: Gap) -> None:
        """Fold a span of missed data."""
        self.generation += 1
        self._gaps.append(record)

    def advance(self, now_ms: int) -> None:
        """Forget gaps and changes that no window reaches any more."""
        oldest = now_ms - _KEPT_MS
        self._gaps = [gap for gap in self._gaps if gap.end_ms >= oldest]
        for venue, changes in self._changes.items():
            # the last change before the window says how the window began
            first = max((i for i, (at_ms, _) in enumerate(changes) if at_ms < oldest), default=0)
            self._changes[venue] = changes[first:]

    def set_aside(self, record: RowsSetAside) -> None:
        """Fold a running total of refused rows."""
        self.generation += 1
        self._set_aside[(record.venue, record.feed, record.reason)] = record.rows

    def feeds(self) -> tuple[FeedLine, ...]:
        """Every feed, by venue and kind."""
        rows = sorted(self._newest.values(), key=lambda h: (h.venue, h.feed.value))
        return tuple(
            FeedLine(h.venue, h.feed, h.state, h.detail, h.since_ms, h.last_message_ms, h.retry_at_ms) for h in rows
        )

    def begin(self, session: Session) -> None:
        """A new writing session: venues that it does not have are no longer shown."""
        gone = {v for v, _ in self._newest if v not in session.venue_order}
        for key in [k for k, h in self._newest.items() if k[0] in gone and h.since_ms < session.created_ms]:
            del self._newest[key]
            self._changes.pop(key[0], None)
        self.generation += 1

    def venues(
        self, recv_ms: dict[str, int], order: tuple[str, ...], stale_ms: Callable[[str], int]
    ) -> tuple[VenueLine, ...]:
        """One line a venue in the order of preference: its newest data and its worst state.

        Venues that are only named because nobody sees their liquidations have none.
        """
        asked = {venue for (venue, _), health in self._newest.items() if health.method is not Method.NONE}
        names = asked | {venue for venue in recv_ms if venue in order or not order}
        ranked = sorted(names, key=lambda v: (order.index(v) if v in order else len(order), v))
        return tuple(self._venue(name, recv_ms.get(name), stale_ms(name)) for name in ranked)

    def _venue(self, venue: str, recv_ms: int | None, stale_ms: int) -> VenueLine:
        rows = [h for (name, _), h in self._newest.items() if name == venue]
        if not rows:
            return VenueLine(venue, recv_ms, stale_ms, HealthState.OK, "")
        worst = max(rows, key=lambda h: (_RANK.index(h.state), h.feed.value))
        polls = [h.last_message_ms for h in rows if h.feed is Feed.TICKERS and h.last_message_ms is not None]
        seen = max([*polls, *([recv_ms] if recv_ms is not None else [])], default=None)
        return VenueLine(venue, seen, stale_ms, worst.state, worst.detail)

    def gaps(self) -> tuple[Gap, ...]:
        """All known gaps, in the order they became known."""
        return tuple(self._gaps)

    def coverage(self, now_ms: int, start_ms: int, widths_ms: tuple[int, ...] = ()) -> tuple[CoverageRow, ...]:
        """What was seen of each venue's liquidations in the last 24 h, or since the recording began.

        `widths_ms` are the windows whose connected shares are wanted. Of a venue without a public feed nothing is;
        one that can't be reached any more was connected until then.
        """
        first = max(now_ms - DAY_MS, start_ms)
        rows = []
        for (venue, feed), health in sorted(self._newest.items()):
            if feed is not Feed.LIQUIDATIONS:
                continue
            inside = tuple(
                g
                for g in self._gaps
                if g.venue in (venue, "") and (g.feed is Feed.LIQUIDATIONS or not g.venue) and g.end_ms > first
            )
            share = self._share(health, first, now_ms, inside)
            refused = [(r, n) for (v, f, r), n in self._set_aside.items() if v == venue and f is feed and n]
            rows.append(
                CoverageRow(
                    venue=venue,
                    state=health.state,
                    method=self._method(health, share),
                    connected_share=share,
                    gaps=(*inside, *self._running_gap(health, inside, now_ms)),
                    last_message_ms=health.last_message_ms,
                    detail=health.detail,
                    set_aside=sum(n for _, n in refused),
                    connected=tuple(
                        self._share(health, max(now_ms - width, start_ms), now_ms, inside) for width in widths_ms
                    ),
                    reasons=tuple(sorted(refused, key=lambda one: (-one[1], one[0]))),
                )
            )
        return tuple(rows)

    def _method(self, health: VenueHealth, share: float) -> Method:
        """How complete that is which was seen: of a venue that was reached for a part, what its feed gave then."""
        if health.method is Method.UNREACHABLE and share:
            return self._methods.get(health.venue, Method.UNREACHABLE)
        return health.method or Method.NONE

    def _running_gap(self, health: VenueHealth, known: tuple[Gap, ...], now_ms: int) -> tuple[Gap, ...]:
        """The outage that goes on: its record comes when it ends."""
        changes = self._changes.get(health.venue, [])
        if len(changes) < 2 or changes[-1][1] or health.state is HealthState.STOPPED:
            return ()
        start_ms = changes[-1][0]
        if start_ms >= now_ms or any(gap.end_ms > start_ms for gap in known):
            return ()
        return (Gap(health.venue, health.feed, start_ms, now_ms, health.detail),)

    def _share(self, health: VenueHealth, first: int, now_ms: int, gaps: tuple[Gap, ...]) -> float:
        if health.method is Method.NONE:
            return 0.0
        if now_ms <= first:
            return 1.0 if health.state is HealthState.OK else 0.0
        changes = self._changes.get(health.venue, [])
        ends = [at for at, _ in changes[1:]] + [now_ms]
        up = [
            (max(at, first), min(end, now_ms))
            for (at, connected), end in zip(changes, ends, strict=True)
            if connected and min(end, now_ms) > max(at, first)
        ]
        seen = sum(end - at for at, end in up)
        for hole in _merged([(g.start_ms, g.end_ms) for g in gaps]):
            seen -= sum(max(0, min(end, hole[1]) - max(at, hole[0])) for at, end in up)
        return seen / (now_ms - first)


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
