"""The venues in the status line: the ages of their prices, and why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from crashdesk.desk import figures
from crashdesk.desk.cells import BarCell, Form
from crashdesk.desk.line import Piece, clip
from crashdesk.desk.look import Look
from crashdesk.model.kinds import Feed, HealthState, Method
from crashdesk.session.views import DeskView, VenueLine

STATE_WORDS = {
    HealthState.STARTING: "connecting",
    HealthState.OK: "ok",
    HealthState.RETRYING: "retrying",
    HealthState.RATE_LIMITED: "rate limited",
    HealthState.UNREACHABLE: "unreachable",
    HealthState.GONE: "gone",
    HealthState.BAD_DATA: "bad data",
    HealthState.STOPPED: "stopped",
}

_WELL = frozenset({HealthState.OK, HealthState.STARTING})


class Reason(Enum):
    """How much is said of a venue that is down."""

    WHOLE = "whole"
    WORD = "word"
    NONE = "none"


def venue_cells(view: DeskView, now_ms: int, look: Look) -> list[BarCell]:
    """All venues in one cell, with ages or reasons; shorter forms shorten the reasons, then leave out who is well."""
    venues = _fed(view)
    if not venues:
        return []
    feeds = view.status.feeds
    retry = {feed.venue: feed.retry_at_ms for feed in feeds if feed.retry_at_ms and feed.retry_at_ms > now_ms}
    full = [_venue(venue, now_ms, look, retry.get(venue.venue), Reason.WHOLE) for venue in venues]
    newest = _newest(venues, now_ms, look)
    if all(_is_fed(venue) for venue in venues):
        return [BarCell(5, (_joined(full, look), newest))]
    short = [_venue(venue, now_ms, look, None, Reason.WORD) for venue in venues]
    brief = [_venue(venue, now_ms, look, None, Reason.NONE) for venue in venues]
    down = [words for venue, words in zip(venues, brief, strict=True) if venue.state not in _WELL]
    forms: list[Form] = [_joined(full, look), _joined(short, look), _joined(brief, look)]
    if down:
        forms.append(_joined([list(newest), *down], look))
    return [BarCell(5, (*forms, newest))]


def _newest(venues: Iterable[VenueLine], now_ms: int, look: Look) -> Form:
    ages = [now_ms - venue.recv_ms for venue in venues if venue.recv_ms is not None]
    return (
        ((f"newest {figures.age(min(ages))}", look.palette.bar_ok),)
        if ages
        else (("no prices", look.palette.bar_stale),)
    )


def _is_fed(venue: VenueLine) -> bool:
    """Whether there is no more to say of a venue than the age of its prices."""
    return venue.state is HealthState.OK or (venue.state is HealthState.STARTING and venue.recv_ms is not None)


def _fed(view: DeskView) -> list[VenueLine]:
    """The venues that something is read from; one without any feed has no age and is not down either."""
    silent = {row.venue for row in view.liquidations.coverage if row.method is Method.NONE}
    asked = {feed.venue for feed in view.status.feeds if feed.feed is not Feed.LIQUIDATIONS}
    return [
        venue
        for venue in view.status.venues
        if venue.recv_ms is not None or venue.venue in asked or venue.venue not in silent
    ]


def _joined(venues: Iterable[list[Piece]], look: Look) -> Form:
    pieces: list[Piece] = []
    for venue in venues:
        pieces += [*([(" ", look.palette.bar)] if pieces else []), *venue]
    return pieces


def _venue(venue: VenueLine, now_ms: int, look: Look, retry_ms: int | None, reason: Reason) -> list[Piece]:
    palette, glyphs = look.palette, look.glyphs
    name: Piece = (f"{venue.venue} ", palette.bar_muted)
    if _is_fed(venue):
        if venue.recv_ms is None:
            return [name, ("no prices", palette.bar_stale)]
        age = now_ms - venue.recv_ms
        return [name, (figures.age(age), palette.bar_ok if age < venue.stale_ms else palette.bar_stale)]
    word = STATE_WORDS[venue.state]
    style = palette.bar_stale if venue.state in {HealthState.STARTING, HealthState.RETRYING} else palette.bar_down
    sign = "" if venue.state is HealthState.STARTING else f"{glyphs.crossed} "
    if reason is Reason.NONE:
        return [name, (sign.strip() or word, style)]
    if reason is Reason.WORD:
        return [name, (f"{sign}{'geo' if 'geo' in venue.detail.lower() else word}", style)]
    words = venue.detail or word
    if retry_ms is not None:
        words += f" until {figures.clock(retry_ms, look.zone)}"
    return [name, (f"{sign}{clip(words, 40, glyphs.ellipsis)}", style)]
