"""What may come next: the level ladder in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.records import Precision
from crashdesk.model.timeframe import DAY_MS
from crashdesk.session.found import FOUND
from crashdesk.session.level_views import LevelRow
from crashdesk.session.views import TickerRow

_SHOWN = 3
_TESTED = 2


def outlook(brief: Brief, zone: tzinfo) -> tuple[str, ...]:
    """Which level is being tested, and what comes next below and above."""
    row = brief.headline
    levels = [level for level in brief.levels if row is not None and level.symbol == row.symbol]
    if row is None or not levels:
        return ("No levels are known.",)
    below = [level for level in levels if level.price < row.last]
    above = [level for level in reversed(levels) if level.price >= row.last]
    tested = [level for level in levels if level.state is LevelState.TESTING]
    said = [_tested(tested, row, zone)] if tested else []
    if below:
        said.append(_chain("Under", below, row, zone))
    if above:
        said.append(_chain("Above", above, row, zone))
    return tuple(said)


def _tested(levels: Sequence[LevelRow], row: TickerRow, zone: tzinfo) -> str:
    """`105,000 is being tested since 2025-11-03 23:23.` Those that nobody had to find come first."""
    named = []
    for level in sorted(levels, key=lambda level: (level.source == FOUND, abs(level.price - row.last)))[:_TESTED]:
        since = level.state_since_ms
        named.append(
            level_words(level, row.price_decimals)
            + ("" if since is None else f" since {words.when(since, Precision.MINUTE, zone)}")
        )
    return f"Being tested: {', '.join(named)}."


def _chain(word: str, levels: Sequence[LevelRow], row: TickerRow, zone: tzinfo) -> str:
    """`Under 105,000 (−1.1 %, 0.3 ATR) the next is 100,000 (round number, 9 touches), −5.8 %, 1.6 ATR.`"""
    first, *rest = levels[:_SHOWN]
    if not rest:
        return f"{word} {_figures(first, row, zone)} no further level is known."
    parts = [f"{'the next is' if i == 0 else 'then'} {_figures(level, row, zone)}" for i, level in enumerate(rest)]
    return f"{word} {_figures(first, row, zone)} {', '.join(parts)}."


def _figures(level: LevelRow, row: TickerRow, zone: tzinfo) -> str:
    """`100,000 (round number, 9 touches) [−5.8 %, 1.6 ATR, breached at the close of 2025-11-03]`."""
    said = [words.percent(level.distance_pct)]
    if level.distance_atr is not None:
        said.append(f"{level.distance_atr:.1f} ATR")
    if level.state is not None:
        said.append(_state(level, zone))
    return f"{level_words(level, row.price_decimals)} [{', '.join(said)}]"


def _state(level: LevelRow, zone: tzinfo) -> str:
    if level.state_since_ms is None or level.state not in (LevelState.BREACHED, LevelState.RECLAIMED):
        return str(level.state)
    if level.state_since_ms % DAY_MS:
        return f"{level.state} {words.when(level.state_since_ms, Precision.MINUTE, zone)}"
    return f"{level.state} at the close of {words.when(level.state_since_ms - 1, Precision.DAY, UTC)}"


def level_words(level: LevelRow, decimals: int) -> str:
    """The price and why it matters: what it is called, or the weightiest reason, and how often it was touched.

    A swing has its own touches; a reason that has none (a round number) is given those of the level.
    """
    figure = words.brief_price(level.price, decimals)
    if level.kind is LevelKind.AVERAGE:
        return f"{level.label} {figure}"
    first = level.why[0] if level.why else ""
    named = first.partition(",")[0]
    called = [level.label] if level.label not in ("", str(level.kind), named) else []
    reasons = [*called, first] if first else called
    if level.touches > 1 and named == first:
        reasons.append(f"{level.touches} touches")
    return f"{figure} ({', '.join(reasons)})" if reasons else figure
