"""What is typed about the second chart: `second ETH/USDT 1h`, `second 4h`, `second off`."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk.chart.pair import TIMEFRAMES, Second
from crashdesk.desk.suggestions import Choice
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import DeskView

SECOND_USAGE = {"second": "a symbol and a timeframe such as second ETH/USDT 1h, second 4h or second off"}
_FRAMES = {timeframe.value: timeframe for timeframe in TIMEFRAMES}


def second_choice(rest: str, view: DeskView | None, choose: Callable[[Second | None], None]) -> Choice:
    """What `second` with these words does."""
    title = f"second {clean(rest, 30)}"
    words = rest.split()
    if [word.lower() for word in words] == ["off"]:
        return Choice(title, "one chart", lambda: choose(None), named=True)
    if view is None:
        return Choice(title, "a second chart can be chosen once there are prices", None)
    frames = [_FRAMES[word.lower()] for word in words if word.lower() in _FRAMES]
    names = [word for word in words if word.lower() not in _FRAMES]
    if len(names) > 1 or len(frames) > 1:
        return Choice(title, "write a symbol and one of " + ", ".join(_FRAMES), None)
    symbol = _symbol(names[0], view) if names else view.symbol
    timeframe: Timeframe = frames[0] if frames else view.timeframe
    if symbol is None:
        return Choice(title, f"{clean(names[0], 20).upper()} has no prices here", None)
    return Choice(title, f"a second chart: {symbol} {timeframe}", lambda: choose((symbol, timeframe)), named=True)


def _symbol(word: str, view: DeskView) -> str | None:
    """The quoted symbol of that name, or the first one of a coin of that name."""
    name = word.upper()
    rows = [row.symbol for row in view.tickers if name in (row.symbol.upper(), row.base.upper())]
    return rows[0] if rows else None
