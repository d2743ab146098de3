"""The calls of a desk that move a replay: each is handed to the thread that folds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from crashdesk.session.focus import Focus

if TYPE_CHECKING:
    from crashdesk.session.deck import Deck
    from crashdesk.session.stops import Stop


class ReplayCalls(ABC):
    """Returns at once; what was asked is done in order, and does nothing in a live desk."""

    _focus: Focus

    @abstractmethod
    def _move(self, act: Callable[[Deck], None]) -> None:
        """Do it with the deck, on its thread."""

    def toggle_play(self) -> None:
        """Pause or play."""
        self._move(lambda deck: deck.toggle())

    def change_speed(self, steps: int) -> None:
        """Faster or slower by rungs of the ladder."""
        self._move(lambda deck: deck.change_speed(steps))

    def set_speed(self, speed: float) -> None:
        """A speed by its factor."""
        self._move(lambda deck: deck.set_speed(speed))

    def seek(self, at_ms: int) -> None:
        """Jump to a time."""
        self._move(lambda deck: deck.jump(at_ms))

    def move(self, delta_ms: int) -> None:
        """Jump by a span."""
        self._move(lambda deck: deck.move(delta_ms))

    def step_frames(self, count: int) -> None:
        """Snapshots on or back, and pause."""
        self._move(lambda deck: deck.step(count))

    def step_event(self, direction: int, stop: Stop | None = None) -> None:
        """To the next or previous event, of one kind or any."""
        self._move(lambda deck: deck.step_event(direction, self._focus.symbol, stop))

    def toggle_loop(self) -> None:
        """The range between the last two bookmarks again and again, or no more."""
        self._move(lambda deck: deck.toggle_loop())

    def set_skip(self, skip_ms: int | None) -> None:
        """Stretches without frames that are jumped over; None for none."""
        self._move(lambda deck: deck.set_skip(skip_ms))

    def to_end(self) -> None:
        """The last moment of the recording."""
        self._move(lambda deck: deck.to_end())
