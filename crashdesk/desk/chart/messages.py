"""What the chart and the levels tell the app."""

from __future__ import annotations

from textual.message import Message

from crashdesk.model.timeframe import Timeframe


class ChooseTimeframe(Message):
    """Show the desk's symbol in another timeframe (and, live, ask the worker for its candles)."""

    def __init__(self, symbol: str, timeframe: Timeframe) -> None:
        super().__init__()
        self.symbol = symbol
        self.timeframe = timeframe


class ChooseSecond(Message):
    """Show a second chart of a symbol in a timeframe beside the first one; None shows none."""

    def __init__(self, second: tuple[str, Timeframe] | None) -> None:
        super().__init__()
        self.second = second


class ChartModeChanged(Message):
    """Keys now belong to another mode of the chart, or to the panes again."""
