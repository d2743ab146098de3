"""The technical picture of the headline symbol in sentences."""

from __future__ import annotations

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.session.views import TickerRow


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
