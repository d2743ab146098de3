"""`python -m bench.frames KIND RECORDING OUT`: draws frames on its own terminal and writes what they cost to OUT.

Textual's headless driver encodes nothing, so this runs in a pseudo terminal with the real driver. CPU time is that of
the whole process, all threads, from one picture handed over to the next, less what it uses when it gets none.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.pilot import Pilot
from textual.widgets import DataTable

from bench.day import FOCUS, Day
from crashdesk.config.baskets import load_baskets
from crashdesk.config.keymap import build_keymap
from crashdesk.config.settings import DeskSettings
from crashdesk.config.themes import load_themes
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.ports import DeskPorts, DeskStart, OwnFiles
from crashdesk.model.clock import SystemClock
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.conductor import Conductor, Opening
from crashdesk.session.player import Player
from crashdesk.session.views import DeskView

FRAMES, SETTLE_S, PACE_S = 40, 2.0, 0.25


def full_views(recording: Path) -> Sequence[DeskView]:
    """Pictures of real instants seven minutes apart: all figures differ from one to the next."""
    return _pictures(recording, FRAMES + 1)


def quiet_views(recording: Path) -> Sequence[DeskView]:
    """The same instant, a second on each time, one price a tick higher."""
    views = [*_pictures(recording, 1)]
    for k in range(FRAMES):
        last = views[-1]
        rows = list(last.tickers)
        rows[k % 10] = rows[k % 10]._replace(last=rows[k % 10].last * 1.0005)
        now_ms = last.now_ms + 1_000
        transport = last.transport._replace(position_ms=now_ms)
        views.append(last._replace(now_ms=now_ms, seq=last.seq + 1, transport=transport, tickers=tuple(rows)))
    return views


def same_views(recording: Path) -> Sequence[DeskView]:
    """One picture again and again."""
    return _pictures(recording, 1) * (FRAMES + 1)


def _pictures(recording: Path, count: int) -> list[DeskView]:
    reader = RecordingReader.open(recording)
    day = Day(reader, Player(reader, load_baskets(None)[0]))
    end = reader.end_ms - 5 * MINUTE_MS
    return [day.picture(end - k * 7 * MINUTE_MS) for k in reversed(range(count))]


async def costs(send: Callable[[int], None], arrived: Callable[[int], bool]) -> str:
    """As JSON: CPU ms of each of `FRAMES` frames sent, and how many of them were taken before the next one came."""
    await asyncio.sleep(SETTLE_S)
    start = time.process_time()
    await asyncio.sleep(PACE_S * 8)
    idle = (time.process_time() - start) / 8
    drawn = 0
    start = time.process_time()
    for k in range(1, FRAMES + 1):
        send(k)
        await asyncio.sleep(PACE_S)
        drawn += arrived(k)
    spent = time.process_time() - start
    return json.dumps({"cpu_ms": (spent / FRAMES - idle) * 1000, "drawn": drawn, "frames": FRAMES})


def desk(views: Sequence[DeskView], out: Path) -> None:
    """The real desk; its conductor has no recording, the pictures come from here."""
    themes, _ = load_themes(None)
    keymap, _ = build_keymap({}, Path("config.toml"))
    link = Conductor(lambda: None, lambda: load_baskets(None)[0], Opening(FOCUS, views[0].now_ms), lambda reason: None)
    ports = DeskPorts(
        save_levels=_never,
        look_at_levels=lambda: None,
        look_at_own=OwnFiles,
        add_note=_nothing,
        remove_note=_nothing,
        make_brief=_never,
        save_brief=_never,
        save_picture=_never,
    )
    start = DeskStart(replay=True)
    app = CrashDesk(
        link, ports, settings=DeskSettings(), themes=themes, keymap=keymap, clock=SystemClock(), start=start
    )

    async def drive(_: Pilot[object]) -> None:
        app.publish(views[0])
        gc.freeze()  # as the desk does when its first picture is there
        found.append(await costs(lambda k: app.publish(views[k]), lambda k: app.view is views[k]))
        app.exit()

    found: list[str] = []
    app.run(auto_pilot=drive)
    out.write_text(found[0])


class TableApp(App[None]):
    """A `DataTable` of 100 rows by 10 columns."""

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="none")

    def on_mount(self) -> None:
        board = self.board
        board.add_columns(*(f"column {k}" for k in range(10)))
        for k in range(100):
            board.add_row(*cells(k))

    @property
    def board(self) -> DataTable[str]:
        return self.query_one(DataTable)

    def change(self, k: int) -> None:
        """Every cell anew."""
        for y in range(100):
            for x, text in enumerate(cells(k * 7 + y)):
                self.board.update_cell_at(Coordinate(y, x), text)


def cells(k: int) -> list[str]:
    """Ten figures that differ from those of k + 1."""
    return [f"{(k * 977 + x * 131) % 99_991 / 7:,.2f}" for x in range(10)]


def table(out: Path) -> None:
    """The peer."""
    app = TableApp()

    async def drive(_: Pilot[object]) -> None:
        found.append(await costs(app.change, lambda _: True))
        app.exit()

    found: list[str] = []
    app.run(auto_pilot=drive)
    out.write_text(found[0])


def _nothing(_: object) -> None:
    return


def _never(*_: object) -> NoReturn:
    raise RuntimeError("a bench asks for no papers")


KINDS = {"full": full_views, "quiet": quiet_views, "same": same_views}

if __name__ == "__main__":
    kind, recording_name, out_name = sys.argv[1:]
    if kind == "table":
        table(Path(out_name))
    else:
        desk(KINDS[kind](Path(recording_name)), Path(out_name))
