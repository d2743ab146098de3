"""How levels are called: the same words on the chart and in the ladder."""

from __future__ import annotations

from datetime import UTC, tzinfo

from crashdesk.desk import figures
from crashdesk.desk.prices import compact_price, exact_price
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.found import FOUND
from crashdesk.session.level_views import LevelRow

MINE = "mine"


def is_mine(row: LevelRow) -> bool:
    """Whether the trader set this level (and may edit it)."""
    return row.id is not None


def level_price(row: LevelRow, decimals: int) -> str:
    """What was reckoned (averages, found levels, trend lines) compact, what was set or published as it was written."""
    reckoned = row.kind is LevelKind.AVERAGE or row.source == FOUND or row.trend is not None
    return compact_price(row.price, decimals) if reckoned else exact_price(row.price, decimals)


def level_name(row: LevelRow) -> str:
    """`mine "line"`, `SMA200`, `round`, `support Fairlead`: what it is and where it comes from."""
    if is_mine(row):
        return f'{MINE} "{row.label}"' if row.label else f"{MINE} {row.kind}"
    if row.kind is LevelKind.AVERAGE:
        return row.label or row.source
    if row.source == FOUND and row.kind is not LevelKind.ROUND:
        return row.label
    name, source = brief_name(row), _source(row.source)
    if row.kind is LevelKind.ROUND or source in ("", MINE) or source.lower() in name.lower():
        return name
    return f"{name} ({source})"


def brief_name(row: LevelRow) -> str:
    """The same without its source or day: `round`, `Fairlead`, `swing low`."""
    if is_mine(row) or row.kind is LevelKind.AVERAGE:
        return level_name(row)
    if row.source == FOUND and row.label.startswith("swing"):
        return row.label.rpartition(" ")[0]
    return str(LevelKind.ROUND) if row.kind is LevelKind.ROUND else row.label or str(row.kind)


def _source(source: str) -> str:
    """Who said it, without what stands in brackets."""
    return source.partition("(")[0].strip()


def short_name(row: LevelRow) -> str:
    """One or two words for the chart's edge."""
    if row.label and (is_mine(row) or row.kind is LevelKind.AVERAGE):
        return row.label
    return f"{MINE} {row.kind}" if is_mine(row) else str(row.kind)


def state_choices(row: LevelRow, now_ms: int, zone: tzinfo) -> tuple[str, str, str]:
    """What is said of a state, the longest first: `breached 11-03 close`, `breached 11-03`, `breached`."""
    words = state_words(row, now_ms, zone)
    return words, words.removesuffix(" close"), str(row.state or "")


def state_words(row: LevelRow, now_ms: int, zone: tzinfo) -> str:
    """`untouched`, `testing 03:02`, `breached 11-03 close`.

    A breach or a way back is a candle's close; one at midnight UTC is named by the day that it closed.
    """
    if row.state is None:
        return ""
    since = row.state_since_ms
    if since is None or row.state is LevelState.UNTOUCHED:
        return str(row.state)
    if row.state in (LevelState.BREACHED, LevelState.RECLAIMED) and since % DAY_MS == 0:
        return f"{row.state} {figures.month_day(since - 1, UTC)} close"
    if 0 <= now_ms - since < DAY_MS:
        return f"{row.state} {figures.hour_minute(since, zone)}"
    return f"{row.state} {figures.month_day(since, zone)}"
