"""A player driven by a transport, or by the growing end of a recording: what a desk's keys move."""

from __future__ import annotations

from collections.abc import Callable
from math import isinf

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.note import NoteKind
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.playback.transport import Transport
from crashdesk.session.alerts import AlertBook
from crashdesk.session.following import follow
from crashdesk.session.player import Player
from crashdesk.session.stops import Shown, Stop, StopKind, next_stop
from crashdesk.session.views import Mode, TransportView

_RUSH_SPEED = 600.0
_JUMP_MS = 3 * CHUNK_MS
_LAG_MS = HOUR_MS
"""A pause does not wait for more of what was due."""


class Deck:
    """One player and its clock. Without a transport it follows the end of the recording (live).

    `alerts` are shown what is played, not what is jumped over. Jumps that follow each other are made as one, when
    somebody looks at `player`.
    """

    def __init__(
        self, player: Player, transport: Transport | None, clock: Callable[[], int], alerts: AlertBook
    ) -> None:
        self._player = player
        self._behind = False
        self._skipped: tuple[int, int] | None = None
        self._missed = (0, "")
        self.alerts = alerts
        self._transport = transport
        self._clock = clock

    @property
    def player(self) -> Player:
        """The player, where the transport wants it."""
        self._settle()
        return self._player

    def _settle(self) -> None:
        """Make the jump that is wanted."""
        if self._behind:
            self._catch_up(played=False)

    @property
    def rests(self) -> bool:
        """Whether nothing moves until somebody calls: a replay that is paused, or at its end."""
        return self._transport is not None and not self._transport.playing and not self._behind

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
            return follow(player, budget_s, self.alerts)
        if not transport.playing:
            return True
        target = transport.position(self._clock())
        if target < player.state.now_ms:
            self._put(target)
        done = self._play(transport, target, budget_s)
        if done:
            self._reached(transport, target)
        return done

    def _play(self, transport: Transport, at_ms: int, budget_s: float | None = None) -> bool:
        """Fold up to a time; above `_RUSH_SPEED` only the last quotes, which nobody could see pass."""
        if isinf(transport.speed) or transport.speed <= _RUSH_SPEED:
            return self._player.play_to(at_ms, budget_s, self.alerts.see)
        done = self._player.rush_to(at_ms, budget_s, self.alerts.see_passing)
        self.alerts.see_prices(self._player.state)
        return done

    def _reached(self, transport: Transport, at_ms: int) -> None:
        """At the end, at that of a loop, or at the beginning of a long stretch without frames."""
        if transport.looping and transport.loop is not None and isinf(transport.speed):
            self.jump(transport.loop[0])
        elif at_ms >= transport.end_ms and not transport.looping:
            self._transport = transport.pause(self._clock(), transport.end_ms)
        elif transport.skip_ms is not None:
            next_ms = self.player.next_told_ms()
            self._transport = transport.skipped(self._clock(), transport.end_ms if next_ms is None else next_ms)
            if self._transport != transport:
                self._skipped = (at_ms, self._transport.anchor_ms)

    def _position(self) -> int:
        """Where it is, or will be as soon as a jump that is wanted is made: presses that follow each other add up."""
        if self._transport is None:
            return self.player.state.now_ms
        if self._behind:
            return self._transport.anchor_ms
        racing = isinf(self._transport.speed) and self._transport.playing
        return self._player.state.now_ms if racing else self._transport.position(self._clock())

    def toggle(self) -> None:
        """Pause or play; at the end there is nothing to play."""
        if self._transport is None:
            return
        self._settle()
        if self._transport.ended(self._clock()) and not (isinf(self._transport.speed) and self._transport.playing):
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
            self._behind = True

    def move(self, delta_ms: int) -> None:
        """By a span from here."""
        self.jump(self._position() + delta_ms)

    def to_end(self) -> None:
        """The last moment."""
        if self._transport is not None:
            self.jump(self._transport.end_ms)

    def _put(self, at_ms: int) -> None:
        """Jump, whatever lies between."""
        self._player.seek(at_ms)
        self.alerts.settle(self._player.state)

    def _catch_up(self, *, played: bool) -> None:
        """To where the transport stands; `played` when the frames between are those that were due anyway."""
        if self._transport is None:
            return
        self._behind = False
        at_ms, now_ms = self._transport.anchor_ms, self._player.state.now_ms
        if at_ms < now_ms or at_ms - now_ms > (_LAG_MS if played else _JUMP_MS):
            self._put(at_ms)
        elif played:
            self._play(self._transport, at_ms)
        else:
            self._player.play_to(at_ms)
            self.alerts.settle(self._player.state)
        # what the seek took is not played over
        self._transport = self._transport._replace(since_ms=self._clock())

    def step(self, count: int) -> None:
        """Snapshots of quotes on (+) or back (-), and pause."""
        if self._transport is None:
            return
        self._settle()
        self._transport = self._transport.pause(self._clock(), self._position())
        self._catch_up(played=True)
        for _ in range(abs(count)):
            at_ms = self.player.quote_time_after() if count > 0 else self.player.quote_time_before()
            if at_ms is None:
                self._miss(count, "snapshot", "in this recording")
                return
            self.jump(at_ms)

    def step_event(self, direction: int, symbol: str, stop: Stop | None = None) -> None:
        """To the next (+1) or previous (-1) event, of one kind or any; so is what happens at levels of `symbol`."""
        if self._transport is None:
            return
        player, here_ms, end_ms = self.player, self.player.state.now_ms, self._transport.end_ms
        alerts = tuple(alert.ts_ms for alert in self.alerts.view(here_ms))
        shown = Shown(player.own.notes, alerts, lambda at_ms: player.level_times(symbol, at_ms))
        at_ms = next_stop(player.source, shown, stop or Stop(), here_ms, end_ms, direction)
        if at_ms is not None:
            self.jump(at_ms)
        else:
            kind = (stop or Stop()).kind
            self._miss(direction, kind.value, "within a day" if kind is StopKind.LEVEL else "in this recording")

    def _miss(self, direction: int, what: str, where: str) -> None:
        """A step that found nothing is told."""
        self._missed = (self._missed[0] + 1, f"no {'later' if direction > 0 else 'earlier'} {what} {where}")

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Play a range again and again; None for no more. Of a range outside of the recording it is told."""
        if self._transport is None:
            return
        try:
            self._transport = self._transport.with_loop(self._clock(), loop, self._position())
        except ValueError as error:
            self._missed = (self._missed[0] + 1, str(error))
        else:
            self._behind = self._behind or loop is not None

    def toggle_loop(self) -> None:
        """The loop off, or on between the two bookmarks that were set last."""
        if self._transport is None:
            return
        marks = [note.ts_ms for note in self._player.own.notes if note.kind == NoteKind.BOOKMARK]
        if self._transport.loop is not None:
            self.set_loop(None)
        elif len(marks) > 1:
            self.set_loop((marks[-2], marks[-1]))

    def set_skip(self, skip_ms: int | None) -> None:
        """Jump over stretches without frames that are at least so long; None to play them."""
        if self._transport is not None:
            self._transport = self._transport._replace(skip_ms=skip_ms)

    def view(self) -> TransportView:
        """The transport as shown."""
        state, transport = self.player.state, self._transport
        now_ms = state.now_ms
        if transport is None:
            start_ms = state.start_ms
            return TransportView(
                Mode.LIVE, playing=True, ended=False, speed=1.0, start_ms=start_ms, end_ms=now_ms, position_ms=now_ms
            )
        return TransportView(
            mode=Mode.REPLAY,
            playing=transport.playing,
            ended=now_ms >= transport.end_ms and not transport.looping,
            speed=transport.speed,
            start_ms=transport.start_ms,
            end_ms=transport.end_ms,
            position_ms=now_ms,
            loop=transport.loop,
            skip_ms=transport.skip_ms,
            skipped=self._skipped,
            missed=self._missed,
        )
