"""The rule on drawdowns: how far the price is under the highest high of the history, as the tickers show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.config.alert_settings import AlertSettings
from crashdesk.model.columns import InstrumentKey
from crashdesk.model.records import Liquidation
from crashdesk.session import alert_price_words as words
from crashdesk.session.alert_gate import Told
from crashdesk.session.alert_happenings import FRESH_MS
from crashdesk.session.alert_sums import Once
from crashdesk.session.state import MarketState

_LEFT = 0.9


class _Seen(NamedTuple):
    """The last look: whose price, the high it was held against, when the price came."""

    key: InstrumentKey
    high: float
    at_ms: int


class DrawdownWatch:
    """Drawdowns of the rule's symbols: told once, and again after a recovery to nine tenths of the threshold.

    Another price venue, and history that brings another high, raise nothing.
    """

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._once: dict[str, Once] = {}
        self._seen: dict[str, _Seen] = {}

    def settle(self, state: MarketState) -> None:
        """Every drawdown that holds is known."""
        self._once = {symbol: Once(self._rule) for symbol in self._rule.symbols}
        self._seen = {}
        self.due(state)

    def rows(self, _fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Drawdowns are of prices."""
        return False

    def due(self, state: MarketState) -> Told | None:
        """What has fallen that far."""
        found = [self._look(state, symbol, once) for symbol, once in self._once.items()]
        return words.as_one([told for told in found if told is not None])

    def _look(self, state: MarketState, symbol: str, once: Once) -> Told | None:
        key, before = state.price_key(symbol), self._seen.get(symbol)
        if key is None or (before is not None and before.key == key and before.at_ms == state.quotes[key][0]):
            return None
        row = state.row(key)
        if row.high is None or row.drawdown_pct is None:
            return None
        self._seen[symbol] = _Seen(key, row.high, row.recv_ms)
        fallen = -row.drawdown_pct
        holds = fallen >= self._rule.percent
        if before is None or before[:2] != (key, row.high):
            once.settle(holds=holds)
            return None
        if not once.passes(holds=holds, left=fallen < _LEFT * self._rule.percent, now_ms=state.now_ms):
            return None
        unseen_ms = row.recv_ms - before.at_ms
        late_ms = unseen_ms if unseen_ms > max(FRESH_MS, state.stale_ms(row.venue)) else 0
        return Told(words.drawdown(row, late_ms), calm=late_ms > 0)
