"""What desks want beyond the configuration: symbols, and candles of a symbol."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.model.timeframe import Timeframe

_ALWAYS = (Timeframe.D1, Timeframe.H1, Timeframe.M5)
_MOST_SERIES = 64


class DeskWants:
    """The desk's symbols and series. The desk's own symbol always has 1d, 1h and 5m."""

    def __init__(self, symbol: str) -> None:
        self._series: dict[tuple[str, Timeframe], None] = {(symbol, timeframe): None for timeframe in _ALWAYS}
        self._listeners: list[Callable[[], None]] = []

    @property
    def symbols(self) -> list[str]:
        """The symbols that a desk looks at closely."""
        return list(dict.fromkeys(symbol for symbol, _ in self._series))

    @property
    def series(self) -> list[tuple[str, Timeframe]]:
        """The series to keep fresh, the newest wish first."""
        return list(reversed(self._series))

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener` is called after the wishes have changed."""
        self._listeners.append(listener)

    def want(self, symbol: str, timeframe: Timeframe) -> None:
        """Candles of a symbol; the oldest wish is forgotten when there are too many."""
        for key in dict.fromkeys(((symbol, timeframe), *((symbol, each) for each in _ALWAYS))):
            self._series.pop(key, None)
            self._series[key] = None
        while len(self._series) > _MOST_SERIES:
            del self._series[next(iter(self._series))]
        for listener in self._listeners:
            listener()

    def forget(self, symbol: str) -> None:
        """The symbol is not looked at any more."""
        for key in [key for key in self._series if key[0] == symbol]:
            del self._series[key]
        for listener in self._listeners:
            listener()
