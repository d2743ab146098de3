"""`crashdesk doctor`: what could be wrong here, and what to do."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import RecordingError

if TYPE_CHECKING:
    from crashdesk.session.views import FeedLine

_LOW_DISK = 500_000_000
_WORDS = {True: "ok   ", False: "WRONG", None: "note "}

Check = tuple[bool | None, str]
"""Whether it is good (None: it is as it is), and what is said of it."""


def configure(parser: Parser) -> None:
    """Arguments of `doctor`."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        type=Path,
        help="a recording: its damage, its liquidation feeds, rows set aside",
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print one line a check; exit code 1 when something is wrong."""
    from crashdesk.cli.recordings import named_recording

    file: Path | None = arguments.file
    checks = _file(named_recording(file, context), context) if file is not None else _house(context)
    wrong = 0
    for good, text in checks:
        wrong += good is False
        context.stdout.write(f"{_WORDS[good]}  {text}\n")
    return 1 if wrong else 0


def _file(path: Path, context: Context) -> Iterator[Check]:
    from crashdesk.cli.damage_words import extent, in_all
    from crashdesk.cli.doctor_feeds import feed_notes
    from crashdesk.recording.reader import RecordingReader

    reader = RecordingReader.open(path)
    try:
        info = reader.info()
        tail, torn = reader.tail()
        notes = feed_notes(reader, context.settings)
    finally:
        reader.close()
    yield True, f"{path}: {sum(info.frames.values()):,} frames, {info.size / 1e6:.1f} MB"
    yield True, "closed cleanly" if info.closed else "not closed: it is being written, or its recorder was killed"
    for damage in info.damage:
        yield False, extent(damage)
    if tail:
        what = "a frame that was cut off" if torn else "no whole frame"
        yield torn, f"the last {tail:,} bytes hold {what}"
    if info.damage:
        yield None, f"lost: {in_all(info.damage, info.size)}"
    if info.damage or (tail and not torn):
        yield None, "`crashdesk snapshots repair FILE --out NEW` saves what holds"
    else:
        yield True, "no damage"
    for note in notes:
        yield None, note


def _house(context: Context) -> Iterator[Check]:
    from crashdesk.cli.doctor_terminal import terminal_checks

    yield from terminal_checks(context)
    yield from _settings(context)
    yield from _disk(context)
    yield from _live(context)


def _settings(context: Context) -> Iterator[Check]:
    file = context.paths.config_file
    if not context.problems:
        yield True, f"{file}: " + ("ok" if file.exists() else "not there, the defaults are used")
    for problem in context.problems:
        yield False, str(problem)
    yield from _sending(context)
    names = [venue.name for venue in context.settings.venues if venue.enabled]
    yield bool(names), f"venues: {', '.join(names) or 'none is enabled'}"


def _sending(context: Context) -> Iterator[Check]:
    from crashdesk.cli.messages import cannot_send

    urls = context.settings.sending.urls
    if urls and not (problems := cannot_send(context)):
        yield True, f"alerts are sent to {', '.join(map(str, urls))}: `crashdesk alerts test` tries it"
    elif urls:
        yield False, str(problems[0])


def _disk(context: Context) -> Iterator[Check]:
    folder = context.paths.recordings_dir
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    text = f"{folder}: {free / 1e9:.1f} GB free"
    yield free > _LOW_DISK, text if free > _LOW_DISK else f"{text}: make room, recording pauses while the disk is full"


def _live(context: Context) -> Iterator[Check]:
    from crashdesk.cli.recordings import file_recording
    from crashdesk.model.basket import Baskets
    from crashdesk.recording.lock import is_held, told
    from crashdesk.session.player import Player

    path = context.paths.live_recording
    holder = is_held(path, context.paths.runtime_dir)
    if path.exists():
        try:
            file_recording(None, context).open().close()
        except RecordingError as error:
            yield False, str(error)
            return
    if holder is None:
        yield True, "recorder: none runs now; `crashdesk` or `crashdesk record` starts one, then doctor tells its feeds"
        return
    paused = told(path, context.paths.runtime_dir)
    yield not paused, f"recorder: process {holder}" + (f": {paused}" if paused else "")
    enabled = {venue.name for venue in context.settings.venues if venue.enabled}
    try:
        reader = file_recording(None, context).open()
    except RecordingError as error:
        yield False, str(error)
        return
    try:
        player = Player(reader, Baskets("", "", "", ()))
        player.seek(reader.end_ms)
        feeds = player.state.health.feeds()
    finally:
        reader.close()
    yield from feed_checks([feed for feed in feeds if feed.venue in enabled])


def feed_checks(feeds: Sequence[FeedLine]) -> Iterator[Check]:
    """One line a feed of the recorder; before them what to do when none of them has a connection."""
    from crashdesk.model.records import HealthState

    if feeds and all(feed.state is HealthState.RETRYING for feed in feeds):
        yield False, "no venue answers: look for the network; behind a proxy set HTTPS_PROXY, or `proxy` of a venue"
    for feed in feeds:
        good = feed.state in {HealthState.OK, HealthState.STARTING, HealthState.STOPPED}
        yield good, f"{feed.venue} {feed.feed.value}: {feed.state.value}" + (f", {feed.detail}" if feed.detail else "")


COMMAND = Command(
    name="doctor",
    summary="look for what is wrong: terminal, settings, disk, venues, or a recording's integrity",
    configure=configure,
    run=run,
    examples=("crashdesk doctor", "crashdesk doctor night.crash"),
)
