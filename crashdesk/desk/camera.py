"""A desk without a terminal: driven by keys, and drawn when nothing moves any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.desk.messages import SeekTo

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from crashdesk.desk.app import CrashDesk

LIMIT_S = 60.0
_LOOK_S = 0.05
_STILL_S = 0.4
"""Nothing new for so long: longer than a desk waits with anything that it draws late."""


class Shot(NamedTuple):
    """What is drawn: the replayed moment (UTC ms), columns and rows, the keys that are pressed before."""

    at_ms: int
    size: tuple[int, int]
    keys: Sequence[str] = ()


def photograph(app: CrashDesk, shot: Shot) -> str | None:
    """Run a desk that replays, and end it; its screen as SVG, None when it ended or did not come to rest in time."""
    drawn: list[str] = []

    async def drive(pilot: Pilot[object]) -> None:
        try:
            async with asyncio.timeout(LIMIT_S):
                drawn.append(await _draw(app, pilot, shot))
        except TimeoutError:
            pass  # the caller sees that nothing was drawn
        finally:
            app.exit()

    app.run(headless=True, size=shot.size, auto_pilot=drive)
    return drawn[0] if drawn else None


async def _draw(app: CrashDesk, pilot: Pilot[object], shot: Shot) -> str:
    from crashdesk.desk.picture import export_svg

    await _until(app, lambda: app.view is not None)
    app.perform("pause")
    app.post_message(SeekTo(shot.at_ms))
    await _until(app, lambda: _stands(app, shot.at_ms))
    await _still(app)
    for key in shot.keys:
        await pilot.press(key)
    await _still(app)
    app.clear_notifications()
    await pilot.pause()
    return export_svg(app)


def _stands(app: CrashDesk, at_ms: int) -> bool:
    view = app.view
    return view is not None and not view.transport.playing and view.now_ms == at_ms


async def _until(app: CrashDesk, seen: Callable[[], bool]) -> None:
    while not seen():
        if app.return_code is not None:
            raise TimeoutError("the desk has ended")
        await asyncio.sleep(_LOOK_S)


async def _still(app: CrashDesk) -> None:
    """Until no picture has come for a while."""
    loop = asyncio.get_running_loop()
    seen, since = app.view, loop.time()
    while loop.time() - since < _STILL_S:
        await asyncio.sleep(_LOOK_S)
        if app.return_code is not None:
            raise TimeoutError("the desk has ended")
        if app.view is not seen:
            seen, since = app.view, loop.time()
