"""A player driven by a transport, or by the growing end of a recording: what a desk's keys move."""

from __future__ import annotations

from collections.abc import Callable
from math import isinf

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.timeframe import DAY_MS
from crashdesk.playback.transport import Transport
from crashdesk.session.alerts import AlertBook
from crashdesk.session.player import Player
from crashdesk.session.scrub import event_times
from crashdesk.session.views import Mode, TransportView

_JUMP_SPEED = 600.0
_JUMP_MS = 3 * CHUNK_MS


class Deck:
    """One player and its clock. Without a transport it follows the end of the recording (live).

    `alerts` are shown what is played, not what is jumped over.
    """

    def __init__(
        self, player: Player, transport: Transport | None, clock: Callable[[], int], alerts: AlertBook
    ) -> None:
        self.player = player
        self.alerts = alerts
        self._transport = transport
        self._clock = clock

    def play_from(self, transport: Transport, at_ms: int) -> None:
        """Put the player at `at_ms` and let the transport run from there."""
        self._transport = transport.seek(self._clock(), at_ms)
        self._put(self._transport.anchor_ms)
        # the clock of the replay starts when the first picture can be shown
        self._transport = self._transport._replace(since_ms=self._clock(), playing=True)

    def fold(self, budget_s: float) -> bool:
        """Fold what is due now, for about `budget_s`; False when there is more."""
        player, transport = self.player, self._transport
        if transport is None:
            return player.follow(budget_s, self.alerts.see)
        if not transport.playing:
            return True
        target = transport.position(self._clock())
        if not isinf(transport.speed) and transport.speed > _JUMP_SPEED and target - player.state.now_ms > _JUMP_MS:
            self._put(target)
        done = player.play_to(target, budget_s, self.alerts.see)
        if done and target >= transport.end_ms:
            self._transport = transport.pause(self._clock(), transport.end_ms)
        return done

    def _position(self) -> int:
        if self._transport is None:
            return self.player.state.now_ms
        racing = isinf(self._transport.speed) and self._transport.playing
        return self.player.state.now_ms if racing else self._transport.position(self._clock())

    def toggle(self) -> None:
        """Pause or play."""
        if self._transport is None:
            return
        if self._transport.playing:
            self._transport = self._transport.pause(self._clock(), self._position())
        else:
            self._transport = self._transport.play(self._clock())
        self._catch_up(played=True)

    def change_speed(self, steps: int) -> None:
        """Rungs up or down the ladder."""
        if self._transport is not None:
            self.set_speed(self._transport.stepped_speed(steps))

    def set_speed(self, speed: float) -> None:
        """A speed by its factor."""
        if self._transport is not None:
            self._transport = self._transport.with_speed(self._clock(), speed, self._position())

    def jump(self, at_ms: int) -> None:
        """To a time, clipped to the recording."""
        if self._transport is not None:
            self._transport = self._transport.seek(self._clock(), at_ms)
            self._catch_up(played=False)

    def move(self, delta_ms: int) -> None:
        """By a span from here."""
        self.jump(self._position() + delta_ms)

    def to_end(self) -> None:
        """The last moment."""
        if self._transport is not None:
            self.jump(self._transport.end_ms)

    def _put(self, at_ms: int) -> None:
        """Jump, whatever lies between."""
        self.player.seek(at_ms)
        self.alerts.settle(self.player.state)

    def _catch_up(self, *, played: bool) -> None:
        """To where the transport stands; `played` when the frames between are those that were due anyway."""
        if self._transport is None:
            return
        at_ms, now_ms = self._transport.anchor_ms, self.player.state.now_ms
        if at_ms < now_ms or at_ms - now_ms > _JUMP_MS:
            self._put(at_ms)
        elif played:
            self.player.play_to(at_ms, watcher=self.alerts.see)
        else:
            self.player.play_to(at_ms)
            self.alerts.settle(self.player.state)
        # what the seek took is not played over
        self._transport = self._transport._replace(since_ms=self._clock())

    def step(self, count: int) -> None:
        """Snapshots of quotes on (+) or back (-), and pause."""
        if self._transport is None:
            return
        self._transport = self._transport.pause(self._clock(), self._position())
        self._catch_up(played=True)
        for _ in range(abs(count)):
            at_ms = self.player.quote_time_after() if count > 0 else self.player.quote_time_before()
            if at_ms is not None:
                self.jump(at_ms)

    def step_event(self, direction: int, symbol: str) -> None:
        """To the next (+1) or previous (-1) event; what happens at the levels of `symbol` is one.

        Forward, levels are looked at for a day: at what a state knows then of the day before it.
        """
        if self._transport is None:
            return
        here = self.player.state.now_ms
        around = here + DAY_MS if direction > 0 else here
        at_levels = self.player.level_times(symbol, min(around, self._transport.end_ms))
        times = {*event_times(self.player.source, here), *at_levels}
        if direction > 0:
            at_ms = min((t for t in times if t > here), default=None)
        else:
            at_ms = max((t for t in times if t < here), default=None)
        if at_ms is not None:
            self.jump(at_ms)

    def view(self) -> TransportView:
        """The transport as shown."""
        state, transport = self.player.state, self._transport
        now_ms = state.now_ms
        if transport is None:
            return TransportView(
                mode=Mode.LIVE,
                playing=True,
                ended=False,
                speed=1.0,
                start_ms=state.start_ms,
                end_ms=now_ms,
                position_ms=now_ms,
            )
        return TransportView(
            mode=Mode.REPLAY,
            playing=transport.playing,
            ended=now_ms >= transport.end_ms,
            speed=transport.speed,
            start_ms=transport.start_ms,
            end_ms=transport.end_ms,
            position_ms=now_ms,
        )
