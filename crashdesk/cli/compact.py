"""`crashdesk snapshots compact FILE --out NEW`: the same recording in fewer bytes."""

from __future__ import annotations

import argparse
from pathlib import Path

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, megabytes, progress, tell_damage


def configure(parser: Parser) -> None:
    """Arguments of `snapshots compact`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording; it stays as it is")
    add_out(parser)
    parser.set_defaults(do=compact)


def compact(arguments: argparse.Namespace, context: Context) -> int:
    """Write the new recording and tell both sizes."""
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.compact import compact as write_compact

    file, out = named_recording(arguments.file, context), free_name(arguments.out)
    done = write_compact(file, out, progress(context, "compacting"))
    saved = 100 * (1 - done.size / done.source_size)
    share = f"{saved:.1f} % less" if saved >= 0 else f"{-saved:.1f} % more: there was nothing to gather"
    context.stdout.write(f"{out}: {megabytes(done.size)} of {megabytes(done.source_size)}, {share}\n")
    tell_damage(context, file, done.damage)
    return 0
