"""`crashdesk snapshots join A B --out NEW`: two recordings behind one another as one."""

from __future__ import annotations

import argparse
from pathlib import Path

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, megabytes, progress, tell_damage


def configure(parser: Parser) -> None:
    """Arguments of `snapshots join`."""
    parser.add_argument("first", metavar="A", type=Path, help="the earlier recording; it stays as it is")
    parser.add_argument("second", metavar="B", type=Path, help="the later one; it stays as it is")
    add_out(parser)
    parser.set_defaults(do=join)


def join(arguments: argparse.Namespace, context: Context) -> int:
    """Write the new recording and tell what lies between the two."""
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.join import join as write_joined

    first, second = (named_recording(file, context) for file in (arguments.first, arguments.second))
    out = free_name(arguments.out)
    done = write_joined(first, second, out, progress(context, "joining"))
    between = f"a gap of {done.gap_ms / 1000:,.1f} s between them" if done.gap_ms else "no gap between them"
    context.stdout.write(f"{out}: {megabytes(done.size)}, {between}\n")
    for file, damage in zip((first, second), done.damage, strict=True):
        tell_damage(context, file, damage)
    return 0
