"""What of a venue's history is still to be asked for, so that nothing is missed, whatever fails in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from crashdesk.venues.errors import BadDataError
from crashdesk.venues.normalise.rows import FUTURE_MS
from crashdesk.venues.paging.pages import PageRules, Span

OVERLAP_MS = 60_000
"""Rows may come late by so much."""
REACH_MS = 30 * 60_000
"""How far back the newest page may look for the last known row; rows older than that come too late to be told apart."""
_MOST_SPANS = 64
_MOST_FAILURES = 3


class Lost(NamedTuple):
    """A time span (UTC ms, inclusive) that the venue does not give, and why."""

    start_ms: int
    end_ms: int
    reason: str


class Page(NamedTuple):
    """What is to know of an answer: the times of its rows (UTC ms), whether it is cut off, its newest trusted row."""

    times: Sequence[int]
    full: bool
    newest_ms: int | None


class Backlog:
    """The spans of one source that are to be asked for, the newest first.

    `first_ms` is how far back to read at the start, `newest_ms` the newest row that is known by then.
    """

    def __init__(self, rules: PageRules, first_ms: int, newest_ms: int | None = None) -> None:
        self._rules = rules
        self._first_ms = self._floor_ms = first_ms
        self._newest_ms = newest_ms
        self._polled_ms: int | None = None
        self._spans: list[Span] = []

    @property
    def floor_ms(self) -> int:
        """Rows before this are known or lost: what a page brings of them is not looked at, and can be forgotten."""
        return self._floor_ms

    def waiting(self) -> list[tuple[int, int]]:
        """What was not asked for yet beside the newest rows, as (start, end) in UTC ms; spans that touch are one."""
        joined: list[tuple[int, int]] = []
        for start, end in sorted((span.start_ms, span.end_ms or span.start_ms) for span in self._spans):
            if joined and start <= joined[-1][1] + self._rules.unit_ms:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined

    def live(self, now_ms: int) -> Span:
        """The span up to now, from where the last one that was answered ended."""
        start, polled = self._first_ms, self._polled_ms
        if polled is not None:
            known = polled if self._newest_ms is None else min(polled, self._newest_ms)
            start = max(start, max(known, polled - REACH_MS) - OVERLAP_MS)
        return Span(start, None if self._rules.window_ms is None else now_ms + FUTURE_MS, live_ms=now_ms)

    def take(self) -> Span | None:
        """The newest span that waits. `answered` or `failed` must follow."""
        return self._spans.pop() if self._spans else None

    def request(self, span: Span) -> Span:
        """What of a span can be asked for at once: its newest part, in the venue's units."""
        window, unit = self._rules.window_ms, self._rules.unit_ms
        if window is None or span.end_ms is None:
            return span
        end = -(-span.end_ms // unit) * unit
        return replace(span, start_ms=max(span.start_ms // unit * unit, end - window), end_ms=end)

    def answered(self, span: Span, page: Page) -> list[Lost]:
        """The answer to `request(span)` has come; what is left of the span waits. Returns what cannot be had.

        Raises BadDataError, and the span counts as not answered, when the newest rows are not there any more.
        """
        asked = self.request(span)
        lost = self._forgotten(span, asked, page)
        if asked.start_ms > span.start_ms:
            self._push(replace(span, end_ms=asked.start_ms, live_ms=None, failures=0))
        lost += self._back(asked, page) if self._rules.window_ms is None else self._halves(asked, page)
        if span.live_ms is not None:
            self._polled_ms = span.live_ms
        if page.newest_ms is not None:
            self._newest_ms = max(page.newest_ms, self._newest_ms or 0)
        if self._polled_ms is not None:
            needed = min([self._polled_ms - REACH_MS - OVERLAP_MS, *(one.start_ms for one in self._spans)])
            self._floor_ms = max(self._floor_ms, needed)
        return lost

    def failed(self, span: Span, *, hopeless: bool) -> Lost | None:
        """A span that `take` gave was not answered; it waits again. What is `hopeless` is not asked for for ever."""
        again = replace(span, failures=span.failures + hopeless)
        if again.failures < _MOST_FAILURES:
            self._push(again)
            return None
        return Lost(span.start_ms, span.end_ms or span.start_ms, "the venue's answer makes no sense")

    def _push(self, span: Span) -> None:
        """It waits; what would be asked for twice, or is one of too many pieces, becomes one span."""
        last = self._spans[-1] if self._spans else None
        if last is not None and self._rules.window_ms is None and span.start_ms <= (last.end_ms or 0):
            self._spans[-1] = _joined(last, span)
        else:
            self._spans.append(span)
        if len(self._spans) > _MOST_SPANS:
            self._spans[:2] = [_joined(*self._spans[:2])]

    def _forgotten(self, span: Span, asked: Span, page: Page) -> list[Lost]:
        """A venue that shows everything it has, and not the newest row that it showed before, has lost some."""
        newest, words = self._newest_ms, "the venue's history does not reach back"
        if page.full or newest is None or newest < asked.start_ms or newest > (asked.end_ms or newest):
            return []
        if page.times:
            oldest = min(page.times)
            return [Lost(newest, oldest, words)] if oldest > newest else []
        if span.live_ms is not None:
            raise BadDataError("no rows where there were some")
        return [Lost(span.start_ms, asked.end_ms or newest, words)]

    def _back(self, asked: Span, page: Page) -> list[Lost]:
        """Pages with the newest rows up to an end: the rest lies before the oldest row, which comes again."""
        oldest = min(page.times, default=asked.end_ms)
        if oldest is None or oldest <= asked.start_ms:
            return []
        if not page.full:
            return [Lost(asked.start_ms, oldest, "the venue's history does not reach back")] * asked.behind_full
        if oldest != asked.end_ms:
            self._push(Span(asked.start_ms, oldest, behind_full=True))
            return []
        self._push(Span(asked.start_ms, oldest - 1, behind_full=True))
        return [Lost(oldest, oldest, "more liquidations at once than can be asked for")]

    def _halves(self, asked: Span, page: Page) -> list[Lost]:
        """Windows: a full one is asked for again in halves, which share their border while they are longer than it."""
        start, end, unit = asked.start_ms, asked.end_ms or asked.start_ms, self._rules.unit_ms
        if not page.full:
            return []
        if start == end:
            return [Lost(start, end + unit - 1, "more liquidations at once than can be asked for")]
        middle = (start + end) // 2 // unit * unit
        apart = end - start == unit
        self._push(Span(start, middle))
        self._push(Span(end if apart else middle, end))
        return []


def _joined(one: Span, other: Span) -> Span:
    return Span(
        min(one.start_ms, other.start_ms),
        max(one.end_ms or 0, other.end_ms or 0),
        behind_full=one.behind_full or other.behind_full,
        failures=max(one.failures, other.failures),
    )
