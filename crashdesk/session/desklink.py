"""What a desk may ask of the thread that folds the recording."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, TypeVar

from crashdesk.model.level import Level
from crashdesk.model.marks import Note
from crashdesk.model.series import DailySeries
from crashdesk.model.timeframe import Timeframe
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import DeskView, WeightMode

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState
    from crashdesk.session.stops import Stop

T = TypeVar("T")


class DeskLink(Protocol):
    """The desk's side of the conductor: every call returns at once, answers come as published `DeskView`s."""

    def start(self, publish: Callable[[DeskView], None]) -> None:
        """Begin to fold; `publish` is called on another thread with every new picture (at most about 20 a second)."""
        ...

    def painted(self) -> None:
        """The first picture is on the screen."""
        ...

    def stop(self) -> None:
        """End the thread and close the recording."""
        ...

    def select_symbol(self, symbol: str) -> None:
        """Make `symbol` the desk's symbol (chart, levels)."""
        ...

    def select_timeframe(self, timeframe: Timeframe) -> None:
        """The timeframe of the chart."""
        ...

    def select_weights(self, mode: WeightMode) -> None:
        """The weights of sector members."""
        ...

    def select_feed(self, feed: FeedFilter) -> None:
        """Which liquidations the tape shows."""
        ...

    def select_window(self, name: str) -> None:
        """The liquidation window whose venues, coins, sizes and largest rows are shown; an unknown name is ignored."""
        ...

    def set_free_window(self, width_ms: int | None) -> None:
        """The width of the free window (1 minute to 24 hours), None for none."""
        ...

    def select_second(self, second: tuple[str, Timeframe] | None) -> None:
        """The symbol and timeframe of the second chart, None for none."""
        ...

    def select_columns(self, columns: tuple[str, ...]) -> None:
        """The columns of the tickers: what no column shows is not calculated."""
        ...

    def set_levels(self, levels: tuple[Level, ...]) -> None:
        """The trader's own levels, all of them."""
        ...

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """The trader's own notes of this recording, all of them."""
        ...

    def set_series(self, series: tuple[DailySeries, ...]) -> None:
        """The trader's own daily series, all of them."""
        ...

    def toggle_play(self) -> None:
        """Pause or play (replay only; so are the calls below)."""
        ...

    def change_speed(self, steps: int) -> None:
        """Faster (+) or slower (-) by steps of the speed ladder."""
        ...

    def set_speed(self, speed: float) -> None:
        """Replayed ms per ms; infinity is as fast as it folds."""
        ...

    def seek(self, at_ms: int) -> None:
        """Jump to a time; clipped to the recording."""
        ...

    def move(self, delta_ms: int) -> None:
        """Jump by a span from where the clock is (calls add up)."""
        ...

    def step_frames(self, count: int) -> None:
        """One (or more) snapshots of quotes on (+) or back (-), and pause."""
        ...

    def step_event(self, direction: int, stop: Stop | None = None) -> None:
        """To the next (+1) or previous (-1) `stop`; None: large liquidation, cascade, note, level, gap, alert."""
        ...

    def toggle_loop(self) -> None:
        """Play the range between the two bookmarks that were set last again and again; when it is, no more."""
        ...

    def set_skip(self, skip_ms: int | None) -> None:
        """Jump over stretches without frames that are at least so long; None to play them."""
        ...

    def to_end(self) -> None:
        """The last moment of the recording (the live edge)."""
        ...

    def ask(self, question: Callable[[MarketState], T]) -> Future[T]:
        """Run a question against the state on the folding thread, between two batches."""
        ...
