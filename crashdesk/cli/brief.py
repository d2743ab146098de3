"""`crashdesk brief`: the written report of a moment."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError
from crashdesk.model.times import format_utc

if TYPE_CHECKING:
    from crashdesk.cli.recordings import Chosen


FORMATS = ("text", "md", "json", "html")
_SUFFIXES = {".txt": "text", ".md": "md", ".json": "json", ".html": "html", ".htm": "html"}


def configure(parser: Parser) -> None:
    """Arguments of `brief`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording; without one, the live one")
    parser.add_argument("--scenario", metavar="NAME", help="a built-in reconstruction instead of a file: demo --list")
    parser.add_argument(
        "--at", metavar="TIME", help="2025-11-04T03:00, 'nov 4 03:00', 14:05, -30m, 50%%, worst (default: the end)"
    )
    parser.add_argument("--format", choices=FORMATS, help="default: what --out ends in, else text")
    parser.add_argument(
        "--out", metavar="NEW", type=Path, help="a file instead of standard output: brief.html, brief.md ..."
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the brief on standard output, or into a file."""
    from crashdesk.cli.recordings import file_recording, scenario_recording

    if arguments.scenario is not None and arguments.file is not None:
        raise UsageError("brief: name a FILE or a --scenario, not both")
    if arguments.scenario is not None:
        chosen = scenario_recording(arguments.scenario, context)
    else:
        chosen = file_recording(arguments.file, context)
    if arguments.out is not None:
        _write(arguments, chosen, context)
        return 0
    form = arguments.format or "text"
    if form != "text":
        from crashdesk.cli.utf8 import utf8

        utf8(context.stdout)
    context.stdout.write(brief_text_of(chosen, arguments.at, form, context))
    return 0


def _write(arguments: argparse.Namespace, chosen: Chosen, context: Context) -> None:
    from crashdesk.cli.export_output import refuse_place
    from crashdesk.config.atomic import write_atomic

    refuse_place(arguments.out, chosen.path)
    form = arguments.format or _SUFFIXES.get(arguments.out.suffix.lower(), "text")
    text, as_of_ms = _brief(chosen, arguments.at, form, context)
    write_atomic(arguments.out, text)
    context.wrote(arguments.out, f"the brief of {format_utc(as_of_ms)}")


def brief_text_of(chosen: Chosen, at: str | None, form: str, context: Context) -> str:
    """The brief of a recording at the time that `at` names (None: its end), with the trader's own levels and notes."""
    return _brief(chosen, at, form, context)[0]


def _brief(chosen: Chosen, at: str | None, form: str, context: Context) -> tuple[str, int]:
    """The brief and the time that it is of, UTC ms."""
    from crashdesk.cli.brief_maker import brief_of, written
    from crashdesk.cli.opened import find_levels, opened
    from crashdesk.session.picture import headline

    with opened(chosen, at, context) as player:
        find_levels(player, context, headline(player.state.rows()))
        brief = brief_of(player.state, context.settings)
        return written(brief, context.settings, form), brief.as_of_ms


COMMAND = Command(
    name="brief",
    summary="the written report of a moment: market, sectors, liquidations, causes, trend, outlook",
    configure=configure,
    run=run,
    examples=(
        "crashdesk brief --scenario november-2025",
        "crashdesk brief crash.crash --at 03:00 --format md > brief.md",
        "crashdesk brief crash.crash --out brief.html",
        "crashdesk brief --format json",
    ),
)
