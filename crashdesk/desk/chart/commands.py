"""What is typed about the charts: `CH ETH 4h`, `C2 ETH/USDT 1h`, `C2 4h`, `C2 off`."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk.chart.pair import TIMEFRAMES, Second
from crashdesk.desk.suggestions import Choice
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.views import DeskView

Show = Callable[[str, Timeframe], None]
_FRAMES = {timeframe.value: timeframe for timeframe in TIMEFRAMES}


def second_choice(rest: str, view: DeskView | None, choose: Callable[[Second | None], None]) -> Choice:
    """What `C2` with these words does."""
    title = f"C2 {clean(rest, 30)}"
    if rest.lower() == "off":
        return Choice(title, "one chart", lambda: choose(None), named=True)
    try:
        second = _read(rest, view)
    except ValueError as error:
        return Choice(title, str(error), None)
    return Choice(title, f"a second chart: {second[0]} {second[1]}", lambda: choose(second), named=True)


def chart_choice(rest: str, view: DeskView | None, perform: Callable[[str], None], show: Show) -> Choice:
    """What `CH` with these words does."""
    title = f"CH {clean(rest, 30)}"
    try:
        symbol, timeframe = _read(rest, view)
    except ValueError as error:
        return Choice(title, str(error), None)

    def run() -> None:
        perform("focus_chart")
        show(symbol, timeframe)

    return Choice(title, f"the chart of {symbol}, {timeframe}", run, named=True)


def _read(rest: str, view: DeskView | None) -> Second:
    """Symbol and timeframe, those of the desk where one is left out. Raises ValueError with one sentence."""
    if view is None:
        raise ValueError("a chart can be chosen once there are prices")
    words = rest.split()
    frames = [_FRAMES[word.lower()] for word in words if word.lower() in _FRAMES]
    names = [word for word in words if word.lower() not in _FRAMES]
    if len(names) > 1 or len(frames) > 1:
        raise ValueError("write a symbol and one of " + ", ".join(_FRAMES))
    symbol = _symbol(names[0], view) if names else view.symbol
    if symbol is None:
        raise ValueError(f"{clean(names[0], 20).upper()} has no prices here")
    return symbol, frames[0] if frames else view.timeframe


def _symbol(word: str, view: DeskView) -> str | None:
    """The quoted symbol of that name, or the first one of a coin of that name."""
    name = word.upper()
    rows = [row.symbol for row in view.tickers if name in (row.symbol.upper(), row.base.upper())]
    return rows[0] if rows else None
