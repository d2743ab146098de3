"""The technical picture and the level ladder in sentences."""

from __future__ import annotations

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.session.views import LevelRow, TickerRow

_SHOWN = 3


def technical(brief: Brief) -> tuple[str, ...]:
    """SMA200, the high and the range of the headline symbol."""
    row = brief.headline
    if row is None:
        return ("No prices yet.",)
    d = row.price_decimals
    said = []
    if row.sma200 is None:
        said.append(
            f"{row.symbol}: fewer than 200 closed daily candles from {row.venue}, so there is no 200-day average."
        )
    else:
        average = f"SMA200 {words.price(row.sma200, 2)} ({row.symbol} on {row.venue}, closed UTC days)"
        distance = f"the price is {words.percent(row.sma200_distance_pct)} from it"
        said.append(f"{average}; {distance}. {_breach(row)}")
    if row.high is not None:
        top = f"{words.percent(row.drawdown_pct)} from the high of {words.price(row.high, d)}"
        said.append(f"{top} ({words.day(row.high_ms)}, intraday).")
    if brief.atr is not None:
        said.append(f"ATR (Wilder, 14 days): {words.price(brief.atr, 1)}.")
    return tuple(said)


def _breach(row: TickerRow) -> str:
    if not row.sma200_breached:
        return "The last daily close is above it."
    if row.breached_since_ms is None:
        return "The last daily close is under it: breached."
    return f"Breached: daily closes are under it since the close of {words.day(row.breached_since_ms - 1)}."


def outlook(brief: Brief) -> tuple[str, ...]:
    """Which level is being tested, and what comes next below and above."""
    row = brief.headline
    levels = [level for level in brief.levels if row is not None and level.symbol == row.symbol]
    if row is None or not levels:
        return ("No levels are drawn.",)
    below = [level for level in levels if level.price < row.last]
    above = [level for level in reversed(levels) if level.price >= row.last]
    tested = [level for level in levels if level.state is LevelState.TESTING]
    said = [f"{_name(level, row)} is being tested." for level in tested]
    if below:
        said.append(_chain("Under", below, row))
    if above:
        said.append(_chain("Above", above, row))
    return tuple(said)


def _name(level: LevelRow, row: TickerRow) -> str:
    figure = words.price(level.price, min(row.price_decimals, 2))
    if level.kind is LevelKind.AVERAGE:
        return f"{level.label} {figure}"
    return f"{figure} ({level.label})" if level.label and level.kind is not LevelKind.ROUND else figure


def _chain(word: str, levels: list[LevelRow], row: TickerRow) -> str:
    first, *rest = levels[:_SHOWN]
    parts = [f"{word} {_figures(first, row)}"]
    parts += [f"{'the next is' if i == 0 else 'then'} {_figures(level, row)}" for i, level in enumerate(rest)]
    return ", ".join(parts) + "."


def _figures(level: LevelRow, row: TickerRow) -> str:
    atr = f", {level.distance_atr:.1f} ATR" if level.distance_atr is not None else ""
    state = f", {level.state.value}" if level.state is not None else ""
    return f"{_name(level, row)} [{words.percent(level.distance_pct)}{atr}{state}]"
