"""`crashdesk replay FILE` and `crashdesk demo [SCENARIO]`: the desk on a recording."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.cli.recordings import Chosen

DEFAULT_SCENARIO = "november-2025"


def configure_replay(parser: Parser) -> None:
    """Which recording, from where, how fast."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording")
    parser.add_argument(
        "--at", metavar="TIME", help="where to begin: a time, -30m before the end, 50%%, worst (default: the start)"
    )
    parser.add_argument("--speed", metavar="N", default="1", help="60 is a minute a second; max (default: 1)")


def add_scenario(parser: Parser) -> None:
    """Which scenario."""
    parser.add_argument(
        "scenario", nargs="?", default=DEFAULT_SCENARIO, metavar="SCENARIO", help="which one (default: %(default)s)"
    )


def _configure_demo(parser: Parser) -> None:
    add_scenario(parser)
    parser.add_argument("--list", action="store_true", help="name those there are")


def _replay(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.cli.recordings import file_recording

    chosen = file_recording(arguments.file, context)
    at_ms, speed = beginning(arguments, chosen)
    return _show(chosen, at_ms, speed, arguments.at, context)


def beginning(arguments: argparse.Namespace, chosen: Chosen) -> tuple[int, float]:
    """Where a replay begins (UTC ms), and its speed. Raises UsageError, RecordingError."""
    from crashdesk.cli.moments import moment

    speed = speed_of(arguments.speed)
    reader = chosen.open()
    try:
        at = arguments.at
        return (moment(at, reader, chosen.end_ms(reader)) if at is not None else reader.start_ms), speed
    finally:
        reader.close()


def _demo(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.cli.recordings import scenario_recording

    if arguments.list:
        context.stdout.write("".join(f"{line}\n" for line in _scenarios()))
        return 0
    chosen = scenario_recording(arguments.scenario, context)
    if chosen.scenario is None:
        raise UsageError(f"no scenario {arguments.scenario}")
    return _show(chosen, chosen.scenario.demo_from_ms, chosen.scenario.demo_speed, None, context)


def _scenarios() -> Iterator[str]:
    """A line for each: its name, what it reconstructs, and when that was."""
    from crashdesk.model.times import format_utc
    from crashdesk.scenarios.catalogue import get_scenario, scenario_names

    names = scenario_names()
    wide = max(map(len, names))
    for scenario in map(get_scenario, names):
        span = f"{format_utc(scenario.start_ms)} to {format_utc(scenario.end_ms)}"
        yield f"{scenario.name:<{wide}}  {scenario.label}: {scenario.title}, {span}"


def _show(chosen: Chosen, at_ms: int, speed: float, at: str | None, context: Context) -> int:
    """The desk on a terminal, else the brief of the time that was named, or of the end."""
    if not context.has_screen:
        from crashdesk.cli.brief import brief_text_of

        context.stdout.write(brief_text_of(chosen, at, "text", context))
        return 0
    from crashdesk.cli.first_start import first_start
    from crashdesk.cli.opening import DeskPlan, build_desk, run_desk

    end_ms = chosen.scenario.end_ms if chosen.scenario is not None else None
    plan = DeskPlan(chosen.path, chosen.open, at_ms, speed, end_ms, keep_picture=chosen.scenario is not None)
    plan = plan._replace(welcome=first_start(context))
    return run_desk(build_desk(context, plan), context.say)


def speed_of(text: str) -> float:
    """A factor above 0, or `max`. Raises UsageError."""
    from crashdesk.playback.transport import read_speed

    try:
        return read_speed(text)
    except ValueError as error:
        raise UsageError(f"--speed: {error}") from None


REPLAY = Command(
    name="replay",
    summary="the desk on a recording: pause, step, seek, any speed",
    configure=configure_replay,
    run=_replay,
    screen=True,
    examples=("crashdesk replay night.crash", "crashdesk replay night.crash --at 03:00 --speed 60"),
)

DEMO = Command(
    name="demo",
    summary="the desk on a built-in reconstruction of a past crash; needs no network",
    configure=_configure_demo,
    run=_demo,
    screen=True,
    examples=("crashdesk demo", "crashdesk demo october-2025", "crashdesk demo --list", "crashdesk demo | less"),
)
