"""The alerts of a desk (or of a recorder): the user's rules against what is folded.

Only what is played on counts: live what comes in, in a replay what the transport plays. What a recording held before,
what a start or a reconnect fetches of the past, and what a seek jumps over raise nothing; a condition that holds then
is taken as told. So alerts are a function of the rules and of what was played, and not of the recording alone. After a
seek `view` holds what was raised on the way and is not later than the new time; what was raised later is forgotten, and
comes again when it is played again. Times are the state's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from crashdesk.config.alert_settings import AlertKind, AlertSettings
from crashdesk.model.records import Batch, Liquidation, Quote
from crashdesk.model.text import clean
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.session.alert_drawdown import DrawdownWatch
from crashdesk.session.alert_gate import Told, Watch
from crashdesk.session.alert_happenings import FRESH_MS, CascadeBeginning, FeedWatch, LiquidationWatch
from crashdesk.session.alert_levels import AverageWatch, OwnLevelWatch
from crashdesk.session.alert_sums import OneSidedWatch, RateWatch, TotalWatch
from crashdesk.session.state import MarketState
from crashdesk.session.views import AlertView

CHECK_MS = 500
"""Sums and feeds are looked at so often, in the state's time: the same however the frames are folded."""
LATE_MS = 2 * MINUTE_MS
MOST_KEPT = 100
_LONGEST = 240

_WATCHES: dict[AlertKind, Callable[[AlertSettings], Watch]] = {
    AlertKind.LIQUIDATION: LiquidationWatch,
    AlertKind.RATE: RateWatch,
    AlertKind.ONE_SIDED: OneSidedWatch,
    AlertKind.TOTAL: TotalWatch,
    AlertKind.FEED_LOST: FeedWatch,
    AlertKind.CASCADE: CascadeBeginning,
}
_PRICE_WATCHES: dict[AlertKind, Callable[[AlertSettings], Watch]] = {
    AlertKind.LEVEL: OwnLevelWatch,
    AlertKind.SMA200: AverageWatch,
    AlertKind.DRAWDOWN: DrawdownWatch,
}
"""These are asked at every frame of prices too: none may fall between two looks."""


class Raised(NamedTuple):
    """An alert that has just gone off. A replayed one, and a calm one (something is well again), are only shown."""

    rule: AlertSettings
    ts_ms: int
    text: str
    replayed: bool
    calm: bool

    @property
    def silent(self) -> bool:
        """Whether nothing may be sounded, sent or run for it."""
        return self.replayed or self.calm

    def aloud(self, now_ms: int) -> bool:
        """Whether somebody is to be called for it; who was asleep folds what was missed, and calls nobody for that."""
        return not self.silent and now_ms - self.ts_ms <= LATE_MS


class AlertBook:
    """Rules at work, and what they raised. `tell` gets each alert exactly once, when it goes off."""

    def __init__(
        self,
        rules: Sequence[AlertSettings],
        *,
        replayed: bool,
        tell: Callable[[Raised], None] | None = None,
        symbol: str | None = None,
    ) -> None:
        """`symbol` is that of rules which name none."""
        used = [rule._replace(symbols=rule.symbols or _symbols(symbol)) for rule in rules if rule.enabled]
        made = _WATCHES | _PRICE_WATCHES
        self._watches = [(rule, made[rule.kind](rule)) for rule in used]
        self._of_prices = [(rule, watch) for rule, watch in self._watches if rule.kind in _PRICE_WATCHES]
        self._of_others = [(rule, watch) for rule, watch in self._watches if rule.kind not in _PRICE_WATCHES]
        self._replayed = replayed
        self._tell = tell
        self._kept: deque[AlertView] = deque(maxlen=MOST_KEPT)
        self._check_ms = 0
        self._since_ms = 0
        self._view: tuple[AlertView, ...] = ()

    def settle(self, state: MarketState) -> None:
        """The state was put somewhere (start, seek): what holds there is taken as told."""
        for _, watch in self._watches:
            watch.settle(state)
        self._since_ms = state.now_ms
        self._check_ms = state.now_ms + CHECK_MS
        if any(alert.ts_ms > state.now_ms for alert in self._kept):
            self._kept = deque((a for a in self._kept if a.ts_ms <= state.now_ms), MOST_KEPT)

    def see(self, state: MarketState, batch: Batch) -> None:
        """A frame was played: `state` holds it already."""
        records = batch.records
        if records and isinstance(records[0], Liquidation):
            self._rows(state, records)
        if state.now_ms >= self._check_ms:
            self._check_ms = state.now_ms + CHECK_MS
            due = self._watches
        else:
            due = self._of_prices if records and isinstance(records[0], Quote) else []
        self._ask(due, state)

    def see_passing(self, state: MarketState, batch: Batch) -> None:
        """The same of a frame that was played without its quotes: prices are asked for later, with `see_prices`."""
        records = batch.records
        if records and isinstance(records[0], Liquidation):
            self._rows(state, records)
        if state.now_ms >= self._check_ms:
            self._check_ms = state.now_ms + CHECK_MS
            self._ask(self._of_others, state)

    def see_prices(self, state: MarketState) -> None:
        """The state holds the newest quotes again."""
        self._ask(self._of_prices, state)

    def _ask(self, watches: Sequence[tuple[AlertSettings, Watch]], state: MarketState) -> None:
        for rule, watch in watches:
            self._raise(rule, watch.due(state), state.now_ms)

    def _rows(self, state: MarketState, records: Sequence[object]) -> None:
        edge = max(state.now_ms - FRESH_MS, self._since_ms, _began_ms(state))
        rows = [row for row in records if isinstance(row, Liquidation)]
        stale = [row for row in rows if row.ts_ms < edge]
        fresh = [row for row in rows if row.ts_ms >= edge] if stale else rows
        for rule, watch in self._watches:
            if watch.rows(fresh, stale):
                self._raise(rule, watch.due(state), state.now_ms)

    def _raise(self, rule: AlertSettings, told: Told | None, now_ms: int) -> None:
        if told is None:
            return
        raised = Raised(rule, now_ms, clean(told.text, _LONGEST), self._replayed, told.calm)
        self._kept.append(AlertView(rule.name, now_ms, raised.text, self._replayed))
        if self._tell is not None:
            self._tell(raised)

    def view(self, now_ms: int) -> tuple[AlertView, ...]:
        """The alerts of the last 24 h, oldest first; the very same object while they are the same."""
        found = tuple(alert for alert in self._kept if alert.ts_ms > now_ms - DAY_MS)
        if found != self._view:
            self._view = found
        return self._view


def _symbols(symbol: str | None) -> tuple[str, ...]:
    return (symbol,) if symbol else ()


def _began_ms(state: MarketState) -> int:
    """When the recorder was started that is heard; 0 of a recording that was put together later."""
    created_ms = state.session.created_ms if state.session is not None else 0
    return created_ms if created_ms <= state.now_ms else 0
