"""Rules on things that happen: a large liquidation, a cascade, a feed that is lost."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.alert_settings import AlertSettings
from crashdesk.model.money import to_micro
from crashdesk.model.records import Event, EventKind, Feed, HealthState, Liquidation
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session import alert_words as words
from crashdesk.session.alert_gate import Pick, Quiet, Told
from crashdesk.session.state import MarketState

FRESH_MS = 2 * MINUTE_MS
"""What is older than this when it comes is history: it fills windows and raises nothing."""

FeedName = tuple[str, Feed]


class LiquidationWatch:
    """Single liquidations of a size. Those that come together, or in the quiet time, are told as one."""

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._least = to_micro(rule.min_usd)
        self._pick = Pick(rule)
        self._quiet = Quiet(rule)
        self._since_ms: int | None = None
        self._count = 0
        self._total = 0
        self._largest: Liquidation | None = None

    def settle(self, _state: MarketState) -> None:
        """Nothing waits."""
        self._quiet.reset()
        self._clear()

    def _clear(self) -> None:
        self._count = self._total = 0
        self._largest = None
        self._since_ms = None

    def rows(self, fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Count those that are large enough."""
        for row in fresh:
            if row.usd_micro >= self._least and self._pick.takes(row.venue, row.symbol, row.side):
                self._count += 1
                self._total += row.usd_micro
                if self._largest is None or row.usd_micro > self._largest.usd_micro:
                    self._largest = row
        return self._count > 0

    def due(self, state: MarketState) -> Told | None:
        """What came since the last telling, once the quiet time is over."""
        now_ms, row = state.now_ms, self._largest
        if row is None:
            return None
        if not self._quiet.over(now_ms):
            self._since_ms = self._since_ms or now_ms
            return None
        text = words.one_liquidation(row, state.instruments)
        if self._count > 1:
            waited_ms = now_ms - self._since_ms if self._since_ms is not None else None
            text = words.many_liquidations(self._count, self._total, text, self._rule, waited_ms)
        self._quiet.begin(now_ms)
        self._clear()
        return Told(text)


class CascadeBeginning:
    """The beginning of a cascade; that it goes on is not told again."""

    def __init__(self, rule: AlertSettings) -> None:
        self._least = to_micro(rule.min_usd)
        self._quiet = Quiet(rule)
        self._known: set[tuple[int, str | None, str | None]] = set()

    def settle(self, state: MarketState) -> None:
        """Cascades that are there are known."""
        self._known = {self._name(event) for event in self._cascades(state)}
        self._quiet.reset()

    def rows(self, _fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """A cascade is an event, found in the state."""
        return False

    def due(self, state: MarketState) -> Told | None:
        """The newest cascade that is not known and not over for long."""
        new = [event for event in self._cascades(state) if self._name(event) not in self._known]
        if not new or not self._quiet.over(state.now_ms):
            return None
        self._known.update(self._name(event) for event in new)
        event = max(new, key=lambda e: e.start_ms)
        if event.end_ms < state.now_ms - FRESH_MS:
            return None
        self._quiet.begin(state.now_ms)
        return Told(event.text or "cascade")

    def _cascades(self, state: MarketState) -> list[Event]:
        return [
            event
            for event in state.recent_events()
            if event.kind is EventKind.CASCADE and (event.usd_micro or 0) >= self._least
        ]

    @staticmethod
    def _name(event: Event) -> tuple[int, str | None, str | None]:
        return event.start_ms, event.venue, event.symbol


class FeedWatch:
    """Feeds that were connected and are no more; those that come back are told when their loss was.

    A feed that has not been connected since the start (a venue that cannot be reached from here) is no loss.
    """

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._after_ms = round(rule.after_seconds * 1000)
        self._quiet = Quiet(rule)
        self._well: set[FeedName] = set()
        self._down: dict[FeedName, int] = {}
        self._told: dict[FeedName, int] = {}
        self._seen = -1

    def settle(self, state: MarketState) -> None:
        """What is down is known to be."""
        self._well, self._down, self._told = set(), {}, {}
        self._quiet.reset()
        self._look(state)

    def rows(self, _fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Feeds are seen by their health."""
        return False

    def _look(self, state: MarketState) -> tuple[dict[FeedName, str], list[FeedName]]:
        """Why each lost feed is down, and those that are back."""
        reasons: dict[FeedName, str] = {}
        back = []
        for line in state.health.feeds():
            name = (line.venue, line.feed)
            if line.feed not in self._rule.feeds or (self._rule.venues and line.venue not in self._rule.venues):
                continue
            if line.state is HealthState.OK:
                self._well.add(name)
                self._down.pop(name, None)
                if name in self._told:
                    back.append(name)
            elif name in self._well:
                self._down.setdefault(name, state.now_ms)
                reasons[name] = line.detail
        return reasons, back

    def due(self, state: MarketState) -> Told | None:
        """Feeds that are down for long enough, then those that are back."""
        if state.health.generation == self._seen and not (self._down or self._told):
            return None
        self._seen = state.health.generation
        reasons, back = self._look(state)
        now_ms = state.now_ms
        lost = [n for n in reasons if n not in self._told and now_ms - self._down[n] >= self._after_ms]
        if lost and self._quiet.over(now_ms):
            self._told |= {name: self._down[name] for name in lost}
            self._quiet.begin(now_ms)
            return Told(words.feeds_lost([(*name, reasons[name]) for name in lost], self._after_ms))
        if back:
            longest_ms = now_ms - min(self._told.pop(name) for name in back)
            return Told(words.feeds_back(back, longest_ms), calm=True)
        return None
