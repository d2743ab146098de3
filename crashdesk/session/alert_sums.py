"""Rules on sums: of a minute, of a rolling window, of one side of it.

A sum that is over its threshold is told once, and again only after it has been clearly under it (`_LEFT` of it) and the
quiet time is over. What history brings over the threshold is taken as told.
"""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.alert_settings import ALERT_WINDOWS, AlertSettings
from crashdesk.model.money import to_micro
from crashdesk.model.records import Liquidation, Side
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.session import alert_words as words
from crashdesk.session.alert_gate import Pick, Quiet, Split, Told
from crashdesk.session.state import MarketState

_LEFT = 0.9
_LEFT_POINTS = 5.0
_SECOND_MS = 1_000
_LOOK_MS = MINUTE_MS
"""A window that can't have reached its threshold, or whose alert was told, is summed up only so often: to find that
it was left, and rows whose own time was still to come when they came."""


class Once:
    """Tells a condition once: again after it was left and not within the quiet time."""

    def __init__(self, rule: AlertSettings) -> None:
        self._quiet = Quiet(rule)
        self._told = False

    @property
    def told(self) -> bool:
        """It was told and was not left since."""
        return self._told

    def settle(self, *, holds: bool) -> None:
        """What holds is taken as told."""
        self._told = holds
        self._quiet.reset()

    def passes(self, *, holds: bool, left: bool, now_ms: int) -> bool:
        """Whether it is to be told now. `left` says that the condition is clearly no longer there."""
        if left:
            self._told = False
        if not holds or self._told or not self._quiet.over(now_ms):
            return False
        self._told = True
        self._quiet.begin(now_ms)
        return True

    def rearm(self) -> None:
        """It was left."""
        self._told = False

    def hush(self) -> None:
        """It holds because of what is old: take it as told."""
        self._told = True


class _WindowSums:
    """Long and short of a rolling window, and how much of it stale rows brought since the last look."""

    def __init__(self, rule: AlertSettings, pick: Pick) -> None:
        self._window = ALERT_WINDOWS.index(rule.window)
        self._pick = pick
        self._least = to_micro(rule.min_usd)
        self._most = 0
        self._look_ms = 0
        self.stale = Split()

    def take(self, fresh: Sequence[Liquidation], stale: Sequence[Liquidation]) -> None:
        """New rows; the stale ones are no news."""
        takes = self._pick.takes
        self._most += sum(row.usd_micro for row in fresh if takes(row.venue, row.symbol, row.side))
        for row in stale:
            if takes(row.venue, row.symbol, row.side):
                self._most += row.usd_micro
                self.stale.add(row.side, row.usd_micro)

    def worth(self, now_ms: int, *, told: bool) -> bool:
        """Whether summing up can bring anything new; if not, what came was not enough, stale or not."""
        if now_ms >= self._look_ms or (self._most >= self._least and not told):
            return True
        self.stale = Split()
        return False

    def now(self, state: MarketState) -> tuple[Split, Split]:
        """The window as it is, and what of it is stale and new."""
        found, stale = self._sum(state), self.stale
        self.stale = Split()
        self._most, self._look_ms = found.long + found.short, state.now_ms + _LOOK_MS
        return found, stale

    def _sum(self, state: MarketState) -> Split:
        found = Split()
        if self._pick.all:
            whole = state.liquidations.totals(self._window)
            found.long, found.short = whole.long, whole.short
            return found
        takes = self._pick.takes
        for (venue, symbol, side), (usd, _) in state.liquidations.sums(self._window).items():
            if takes(venue, symbol, side):
                found.add(side, usd)
        return found


class TotalWatch:
    """The sum of a rolling window."""

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._least = to_micro(rule.min_usd)
        self._sums = _WindowSums(rule, Pick(rule))
        self._once = Once(rule)

    def settle(self, state: MarketState) -> None:
        """A total that is over the threshold is known."""
        sums, _ = self._sums.now(state)
        self._once.settle(holds=sums.long + sums.short >= self._least)

    def rows(self, fresh: Sequence[Liquidation], stale: Sequence[Liquidation]) -> bool:
        """The window counts; only what is no news has to be known apart."""
        self._sums.take(fresh, stale)
        return False

    def due(self, state: MarketState) -> Told | None:
        """The total, when it has come over the threshold by what is new."""
        if not self._sums.worth(state.now_ms, told=self._once.told):
            return None
        sums, stale = self._sums.now(state)
        total = sums.long + sums.short
        if total >= self._least > total - stale.long - stale.short:
            self._once.hush()
        if self._once.passes(holds=total >= self._least, left=total < _LEFT * self._least, now_ms=state.now_ms):
            return Told(words.window_total(sums.long, sums.short, self._rule))
        return None


class OneSidedWatch:
    """One side's share of a rolling window, once enough was liquidated in it."""

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._least = to_micro(rule.min_usd)
        self._sums = _WindowSums(rule, Pick(rule, by_side=False))
        self._sides = (rule.side,) if rule.side else (Side.LONG, Side.SHORT)
        self._once = {side: Once(rule) for side in self._sides}

    def _share(self, side: Side, long: int, short: int) -> float | None:
        """Percent of a side; None while too little was liquidated."""
        total = long + short
        return 100 * (long if side is Side.LONG else short) / total if total and total >= self._least else None

    def _holds(self, side: Side, long: int, short: int) -> bool:
        share = self._share(side, long, short)
        return share is not None and share >= self._rule.share

    def settle(self, state: MarketState) -> None:
        """A side that has the share is known."""
        sums, _ = self._sums.now(state)
        for side, once in self._once.items():
            once.settle(holds=self._holds(side, sums.long, sums.short))

    def rows(self, fresh: Sequence[Liquidation], stale: Sequence[Liquidation]) -> bool:
        """The window counts."""
        self._sums.take(fresh, stale)
        return False

    def due(self, state: MarketState) -> Told | None:
        """The side that has got the share by what is new."""
        if not self._sums.worth(state.now_ms, told=any(once.told for once in self._once.values())):
            return None
        sums, stale = self._sums.now(state)
        total = sums.long + sums.short
        for side, once in self._once.items():
            holds = self._holds(side, sums.long, sums.short)
            if holds and not self._holds(side, sums.long - stale.long, sums.short - stale.short):
                once.hush()
            share = self._share(side, sums.long, sums.short)
            left = total < _LEFT * self._least or (share is not None and share < self._rule.share - _LEFT_POINTS)
            if once.passes(holds=holds, left=left, now_ms=state.now_ms):
                return Told(words.one_side(side, sums.long, sums.short, self._rule))
        return None


class RateWatch:
    """What was liquidated in the last minute, to the second.

    After the start, or a seek, the minute fills with what comes; the state's own sums of the present and the last
    minute, which do not know venues and coins apart, tell whether it was that fast before: then it is taken as told.
    """

    def __init__(self, rule: AlertSettings) -> None:
        self._rule = rule
        self._least = to_micro(rule.min_usd)
        self._pick = Pick(rule)
        self._once = Once(rule)
        self._seconds: dict[int, Split] = {}
        self._full_ms = 0

    def settle(self, state: MarketState) -> None:
        """A minute as fast as this one is known."""
        self._seconds.clear()
        self._full_ms = state.now_ms + MINUTE_MS
        minute = state.now_ms // MINUTE_MS
        recent = [(long, short) for at, long, short in state.liquidations.minute_series() if at >= minute - 1]
        long, short = sum(long for long, _ in recent), sum(short for _, short in recent)
        counted = {Side.LONG: long, Side.SHORT: short}
        known = counted[self._rule.side] if self._rule.side else long + short
        self._once.settle(holds=known >= self._least)

    def rows(self, fresh: Sequence[Liquidation], _stale: Sequence[Liquidation]) -> bool:
        """Sum up by second."""
        seconds, takes = self._seconds, self._pick.takes
        for row in fresh:
            if takes(row.venue, row.symbol, row.side):
                at = row.ts_ms // _SECOND_MS
                found = seconds.get(at)
                if found is None:
                    found = seconds[at] = Split()
                found.add(row.side, row.usd_micro)
        return False

    def due(self, state: MarketState) -> Told | None:
        """The minute, when it has become that fast."""
        now = state.now_ms // _SECOND_MS
        for at in [at for at in self._seconds if at <= now - 60]:
            del self._seconds[at]
        inside = [split for at, split in self._seconds.items() if at <= now]
        long, short = sum(split.long for split in inside), sum(split.short for split in inside)
        left = long + short < _LEFT * self._least and state.now_ms >= self._full_ms
        if self._once.passes(holds=long + short >= self._least, left=left, now_ms=state.now_ms):
            return Told(words.minute_total(long, short, self._rule))
        return None
