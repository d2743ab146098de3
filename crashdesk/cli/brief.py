"""`crashdesk brief`: the written report of a moment."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.cli.recordings import Chosen


def configure(parser: Parser) -> None:
    """Arguments of `brief`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording; without one, the live one")
    parser.add_argument("--scenario", metavar="NAME", help="a built-in reconstruction instead of a file: demo --list")
    parser.add_argument(
        "--at", metavar="TIME", help="2025-11-04T03:00, 'nov 4 03:00', 14:05, -30m, 50%% (default: the end)"
    )
    parser.add_argument("--format", choices=("text", "md", "json"), default="text", help="default: text")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the brief on standard output."""
    from crashdesk.cli.recordings import file_recording, scenario_recording

    if arguments.scenario is not None and arguments.file is not None:
        raise UsageError("brief: name a FILE or a --scenario, not both")
    if arguments.scenario is not None:
        chosen = scenario_recording(arguments.scenario, context)
    else:
        chosen = file_recording(arguments.file, context)
    context.stdout.write(brief_text_of(chosen, arguments.at, arguments.format, context))
    return 0


def brief_text_of(chosen: Chosen, at: str | None, form: str, context: Context) -> str:
    """The brief of a recording at the time that `at` names (None: its end), with the trader's own levels and notes."""
    from crashdesk.cli.brief_maker import brief_of, written
    from crashdesk.cli.opened import find_levels, opened
    from crashdesk.session.picture import headline

    with opened(chosen, at, context) as player:
        find_levels(player, context, headline(player.state.rows()))
        return written(brief_of(player.state, context.settings), context.settings, form)


COMMAND = Command(
    name="brief",
    summary="the written report of a moment: market, sectors, liquidations, causes, trend, outlook",
    configure=configure,
    run=run,
    examples=(
        "crashdesk brief --scenario november-2025",
        "crashdesk brief crash.crash --at 03:00 --format md > brief.md",
        "crashdesk brief --format json",
    ),
)
