"""A desk on a recording whose clock a test moves: what it shows at a time that it sought, and at one it played to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path

from textual.pilot import Pilot

from crashdesk.desk.app import CrashDesk
from crashdesk.desk.picture import export_svg
from crashdesk.model.timeframe import MINUTE_MS, Timeframe
from crashdesk.playback.steady_clock import MOST_AT_ONCE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.focus import Focus, Opening, Own
from crashdesk.session.stage import Stage
from crashdesk.session.views import WeightMode
from tests.desk.fake_link import FakeLink, make_desk
from tests.session import market_tape

FOCUS = Focus("BTC/USDT", Timeframe.H1, WeightMode.EQUAL, free_ms=17 * MINUTE_MS, second=("ETH/USDT", Timeframe.M5))
PLAYED_SPEED = 600
"""The highest at which every frame is played."""
_IDS = re.compile(r"terminal-\d+")


class DrivenDesk:
    """The app without a terminal, its deck without a thread."""

    def __init__(self, path: Path, own: Own, app: CrashDesk, link: FakeLink, pilot: Pilot[None]) -> None:
        self._clock = [0]
        reader = RecordingReader.open(path)
        self.stage = Stage(reader, market_tape.BASKETS, Opening(FOCUS, reader.start_ms), lambda: self._clock[0])
        self.stage.deck.player.set_own(own)
        self.stage.deck.toggle()
        self._app, self._link, self._pilot = app, link, pilot

    async def seek(self, at_ms: int) -> str:
        """The picture at a time, after a jump."""
        self.stage.deck.jump(at_ms)
        return await self._svg(at_ms)

    async def play(self, at_ms: int) -> str:
        """The picture at a later time, after playing there; what lies between is shown as it comes."""
        deck = self.stage.deck
        deck.toggle()
        while (way := at_ms - deck.view().position_ms) > 0:
            speed = min(PLAYED_SPEED, way)
            deck.set_speed(speed)
            self._clock[0] += min(MOST_AT_ONCE_MS, way // speed)
            assert deck.fold(60.0)
            self._show()
            await self._pilot.pause()
        deck.set_speed(1)
        if deck.view().playing:
            deck.toggle()
        return await self._svg(at_ms)

    def _show(self) -> None:
        view = self.stage.picture(FOCUS)
        if view is not None:
            self._link.publish(view)

    async def _svg(self, at_ms: int) -> str:
        """Behind flashes, toasts, tail and scroll."""
        self._show()
        self.stage.forget()
        self._show()  # the outline of the recording comes with the second picture
        await self._pilot.pause()
        app = self._app
        assert app.view is not None
        assert app.view.now_ms == at_ms
        app.clear_notifications()
        app.desk.tickers._unflash(inf)
        for pane in ("tickers", "sectors", "liquidations", "levels", "timeline", "tickers"):
            app.desk.focus_pane(pane)
            app.perform("move_last" if pane == "timeline" else "move_first")
        for _ in range(3):
            await self._pilot.pause()
        return _IDS.sub("terminal", export_svg(app))


@asynccontextmanager
async def driven_desk(path: Path, own: Own) -> AsyncIterator[DrivenDesk]:
    """At the start of a recording, paused, 160x48."""
    link = FakeLink(None)
    app = make_desk(link=link, empty=True)
    async with app.run_test(size=(160, 48)) as pilot:
        driven = DrivenDesk(path, own, app, link, pilot)
        yield driven
        driven.stage.close()
