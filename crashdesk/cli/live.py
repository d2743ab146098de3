"""`crashdesk`: the live desk."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, no_arguments
from crashdesk.cli.context import Context
from crashdesk.model.control import Command as WorkerCommand
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.ports import Source

if TYPE_CHECKING:
    from crashdesk.model.recorder import RecorderState
    from crashdesk.outside.worker_process import WorkerKeeper

_FIRST_POLL_S = 10.0
_LOOK_S = 0.1


def run(_: argparse.Namespace, context: Context) -> int:
    """Show the live desk; without a terminal wait for a first poll, write the brief and end."""
    from crashdesk.config.paths import ensure_dir

    if not any(venue.enabled for venue in context.settings.venues):
        raise CrashdeskError(f"{context.paths.config_file}: no venue is enabled; give it a [venues.NAME] table")
    if not context.read_only:
        for folder in (context.paths.data_dir, context.paths.runtime_dir, context.paths.recordings_dir):
            ensure_dir(folder)
    if not context.has_screen:
        return _headless(context)
    from crashdesk.cli.first_start import first_start
    from crashdesk.cli.opening import DeskPlan, build_desk, run_desk

    keepers: list[WorkerKeeper] = []

    def shown() -> None:
        keepers.append(make_keeper(context, desk.app.set_worker_line))
        keepers[0].start()

    path = context.paths.live_recording
    plan = DeskPlan(path, live_source(context), None, send_command=sender(context), shown=shown, keep_picture=True)
    desk = build_desk(context, plan._replace(welcome=first_start(context)))
    try:
        return run_desk(desk, context.say)
    finally:
        for keeper in keepers:
            keeper.stop()


def live_source(context: Context) -> Callable[[], Source | None]:
    """Opens the live recording as soon as there is one."""
    path = context.paths.live_recording

    def open_source() -> Source | None:
        from crashdesk.recording.reader import RecordingReader

        # an empty file is one whose writer is just starting
        return RecordingReader.open(path) if path.exists() and path.stat().st_size > _PREFACE_ONLY else None

    return open_source


_PREFACE_ONLY = 64


def sender(context: Context) -> Callable[[WorkerCommand], None]:
    """Sends a command to the recorder of the live recording."""

    def send(command: WorkerCommand) -> None:
        from crashdesk.venues.control_client import control_path, send_command

        send_command(control_path(context.paths.runtime_dir, context.paths.live_recording), command)

    return send


def make_keeper(context: Context, say: Callable[[RecorderState], None]) -> WorkerKeeper:
    """The keeper of the live recorder; `say` gets its line for the status bar.

    A desk that is read-only, or served by another process, only looks whether one runs.
    """
    from crashdesk.cli.record import child_command
    from crashdesk.outside.worker_process import KeeperParts, WorkerKeeper
    from crashdesk.recording.lock import is_held, told

    paths = context.paths
    writer = lambda: is_held(paths.live_recording, paths.runtime_dir)  # noqa: E731 - one expression, passed on at once
    says = lambda: told(paths.live_recording, paths.runtime_dir)  # noqa: E731 - the same
    command = () if context.read_only or context.served else child_command(context)
    return WorkerKeeper(KeeperParts(command, writer, say, says))


def _headless(context: Context) -> int:
    """Up to ten seconds for a first poll, then the brief, or the reasons why there is none."""
    from crashdesk.cli.brief import brief_text_of
    from crashdesk.cli.recordings import file_recording

    said: list[RecorderState] = []
    keeper = make_keeper(context, said.append)
    keeper.start()
    try:
        reason = _first_prices(context)
    finally:
        keeper.stop()
    if reason:
        worker = f"; the recorder: {said[-1].words}" if said and not said[-1].well else ""
        raise CrashdeskError(f"no prices within {_FIRST_POLL_S:.0f} s: {reason}{worker}")
    context.stdout.write(brief_text_of(file_recording(None, context), None, "text", context))
    return 0


def _first_prices(context: Context) -> str:
    """Wait for quotes that are newer than now; the reason why none came in time, empty when they did."""
    from crashdesk.config.baskets import load_baskets
    from crashdesk.session.picture import waiting
    from crashdesk.session.player import Player

    pause = threading.Event()
    open_source, began_ms = live_source(context), context.clock.now_ms()
    baskets, _ = load_baskets(context.settings.baskets_file)
    player: Player | None = None
    try:
        for _ in range(int(_FIRST_POLL_S / _LOOK_S)):
            source = open_source() if player is None else None
            if source is not None:
                player = Player(source, baskets)
                player.seek(source.end_ms)
            if player is not None:
                player.follow(_LOOK_S)
                if any(recv_ms >= began_ms for recv_ms, _ in player.state.quotes.values()):
                    return ""
            pause.wait(_LOOK_S)
        if player is None:
            return "no recorder could be started"
        return waiting(player.state) or "no new prices came"
    finally:
        if player is not None:
            player.source.close()


COMMAND = Command(
    name="live",
    summary="the live desk on the configured venues",
    configure=no_arguments,
    run=run,
    polls=True,
    screen=True,
    examples=("crashdesk",),
)
