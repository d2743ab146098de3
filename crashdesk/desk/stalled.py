"""Why nothing moves: since when every price has been standing, and what keeps the venues."""

from __future__ import annotations

from crashdesk.desk import figures
from crashdesk.desk.line import clip
from crashdesk.desk.look import Look
from crashdesk.model.kinds import Feed, HealthState
from crashdesk.model.recorder import RecorderState
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session.troubles import feed_troubles
from crashdesk.session.views import DeskView, Mode, VenueLine

_WORD = 24
"""Cells of the shortest reason: with it the line of a small terminal is full."""
_WELL = frozenset({HealthState.OK, HealthState.STARTING})


def stalled(view: DeskView, now_ms: int, worker: RecorderState | None, look: Look) -> tuple[str, ...]:
    """What is said of prices that stand, in shorter and shorter words; empty while one moves or there are none yet.

    They stand when the newest is older than a minute and, at every venue, than three polls. The reason is what the
    feeds said by then, or the gap of the recording that `now_ms` falls into; of a live recorder that does not record
    its own line tells.
    """
    newest = _newest(view, now_ms)
    if newest is None or newest.recv_ms is None or view.status.waiting:
        return ()
    since = f"prices stand since {figures.clock(newest.recv_ms, look.zone)} ({newest.venue})"
    short = f"prices stand {figures.age(now_ms - newest.recv_ms)}"
    reason = "" if worker is not None and not worker.well else _reason(view, now_ms, look)
    if not reason:
        return since, short
    word = clip(reason.partition(" (")[0].partition(":")[0], _WORD, look.glyphs.ellipsis)
    return f"{since}: {reason}", f"{short}: {reason}", f"{short}: {word}"


def _newest(view: DeskView, now_ms: int) -> VenueLine | None:
    """The venue that spoke last, when all of them have been silent for too long."""
    priced = [(venue.recv_ms, venue) for venue in view.status.venues if venue.recv_ms is not None]
    if not priced or any(now_ms - recv_ms < max(venue.stale_ms, MINUTE_MS) for recv_ms, venue in priced):
        return None
    return max(priced, key=lambda one: one[0])[1]


def _reason(view: DeskView, now_ms: int, look: Look) -> str:
    down = [feed for feed in view.status.feeds if feed.feed is Feed.TICKERS and feed.state not in _WELL]
    troubles = feed_troubles(down, Feed.TICKERS)
    if troubles:
        retries = [feed.retry_at_ms for feed in down if feed.retry_at_ms is not None and feed.retry_at_ms > now_ms]
        return troubles + (f", next try {figures.clock(min(retries), look.zone)}" if retries else "")
    if view.transport.mode is Mode.LIVE:
        return "no venue answers"
    until = next((end for start, end in view.scrubber.gaps if start <= now_ms < end), None)
    return "nothing was recorded" + (f" until {figures.clock(until, look.zone)}" if until is not None else "")
