"""What every rule that watches needs: which liquidations count, how a condition is told once, what a rule can be asked.

A rule folds what is new (`rows`) and says now and then whether there is something to tell (`due`). It is put to the
state as it is, silently, at the start and after a seek (`settle`). Money is micro-dollars.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from crashdesk.config.alert_settings import AlertSettings
from crashdesk.model.records import Liquidation, Side
from crashdesk.model.words import coin_of
from crashdesk.session.state import MarketState


class Told(NamedTuple):
    """One sentence; a calm one (something is well again) is only shown."""

    text: str
    calm: bool = False


class Watch(Protocol):
    """One rule at work."""

    def settle(self, state: MarketState) -> None:
        """Take everything that holds now as told, and forget what was not told yet."""
        ...

    def rows(self, fresh: Sequence[Liquidation], stale: Sequence[Liquidation]) -> bool:
        """Take new liquidations; the stale ones fill windows and are never told. True: ask `due` at once."""
        ...

    def due(self, state: MarketState) -> Told | None:
        """What there is to tell now."""
        ...


class Quiet:
    """A rule's quiet time: after something was told, nothing is for `repeat_seconds`."""

    def __init__(self, rule: AlertSettings) -> None:
        self._ms = round(rule.repeat_seconds * 1000)
        self._until = 0

    def over(self, now_ms: int) -> bool:
        """Whether something may be told."""
        return now_ms >= self._until

    def begin(self, now_ms: int) -> None:
        """Something was told."""
        self._until = now_ms + self._ms

    def reset(self) -> None:
        """Nothing was told."""
        self._until = 0


class Pick:
    """Which liquidations a rule counts."""

    def __init__(self, rule: AlertSettings, *, by_side: bool = True) -> None:
        self._side = rule.side if by_side else None
        self._venues = frozenset(rule.venues)
        self._coins = frozenset(rule.coins)
        self.all = not (self._side or self._venues or self._coins)

    def takes(self, venue: str, symbol: str, side: Side) -> bool:
        """Whether a liquidation of this kind counts."""
        return self.all or (
            (self._side is None or side is self._side)
            and (not self._venues or venue in self._venues)
            and (not self._coins or coin_of(symbol).upper() in self._coins)
        )


class Split:
    """Micro-dollars of long and short."""

    def __init__(self) -> None:
        self.long = 0
        self.short = 0

    def add(self, side: Side, usd: int) -> None:
        """Count one row or sum."""
        if side is Side.LONG:
            self.long += usd
        else:
            self.short += usd
