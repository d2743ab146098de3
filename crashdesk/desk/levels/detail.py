"""More about one level: why it is there, what was liquidated at it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo

from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.levels.words import is_mine, level_name, level_price
from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.look import Look
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.level_views import LevelChange, LevelRow

_CHANGES = 4
_BETWEEN = "  "
_VERBS = {
    LevelState.TESTING: "tested",
    LevelState.BREACHED: "breached",
    LevelState.RECLAIMED: "reclaimed",
}


def detail_lines(row: LevelRow, decimals: int, width: int, height: int, now_ms: int, look: Look) -> list[Strip]:
    """`height` lines; what does not fit is left out whole, the last parts first."""
    palette = look.palette
    lines = [Line(width) for _ in range(height)]
    at = 0
    parts = [((level_price(row, decimals), palette.levels[row.kind]),), *_parts(row, now_ms, look)]
    for place, part in enumerate(parts):
        text = _BETWEEN.join(text for text, _ in part)
        gap = _BETWEEN if place else " "
        if lines[at].room < width_of(gap + text) and at + 1 < height:
            at, gap = at + 1, " "
        if lines[at].room < width_of(gap + text):
            continue
        for text, style in part:
            lines[at].put(gap, palette.blank)
            lines[at].put(text, style)
            gap = _BETWEEN
    return [line.strip(palette.blank) for line in lines]


def _parts(row: LevelRow, now_ms: int, look: Look) -> Iterator[tuple[Piece, ...]]:
    """What is said in its order; the pieces of a part are shown together or not at all."""
    palette = look.palette
    reasons = [*row.why] or [level_name(row)]
    if (is_mine(row) or row.kind is LevelKind.AVERAGE) and row.why:
        reasons.insert(0, level_name(row))
    for place, reason in enumerate(reasons):
        yield ((reason + ("," if place + 1 < len(reasons) else ""), palette.text),)
    if row.alert:
        yield ((f"alert {row.alert}", palette.accent),)
    if row.liquidated is not None and any(row.liquidated):
        yield tuple(_liquidated(row.liquidated, look))
    for change in _told(row.history):
        yield ((_change_words(change, now_ms, look.zone), palette.muted),)


def _liquidated(sums: tuple[int, int], look: Look) -> Iterator[Piece]:
    long, short = sums
    yield "liquidated at it:", look.palette.muted
    for name, amount, style in (("long", long, look.palette.long), ("short", short, look.palette.short)):
        if amount:
            yield f"{figures.usd_short(amount)} {name}", style


def _told(history: Iterable[LevelChange]) -> list[LevelChange]:
    """The newest tests and closes, the newest first."""
    told = [change for change in history if change.over is not None or change.state is LevelState.TESTING]
    return told[: -_CHANGES - 1 : -1]


def _change_words(change: LevelChange, now_ms: int, zone: tzinfo) -> str:
    """`tested 03:02`, `breached 11-03 close`."""
    at_ms = change.since_ms
    if change.over is not None and at_ms % DAY_MS == 0:
        return f"{_VERBS[change.state]} {figures.month_day(at_ms - 1, UTC)} close"
    recent = 0 <= now_ms - at_ms < DAY_MS
    day = "" if recent else f"{figures.month_day(at_ms, zone)} "
    return f"{_VERBS[change.state]} {day}{figures.hour_minute(at_ms, zone)}"
