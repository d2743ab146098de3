"""`crashdesk snapshots cut FILE --from TIME --to TIME --out NEW`: a part of a recording as one of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, megabytes, progress, tell_damage
from crashdesk.model.errors import UsageError
from crashdesk.model.times import format_utc


def configure(parser: Parser) -> None:
    """Arguments of `snapshots cut`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording; it stays as it is")
    parser.add_argument("--from", dest="since", metavar="TIME", help="a time, -30m, 50%%; default: the start")
    parser.add_argument("--to", dest="until", metavar="TIME", help="default: the end")
    add_out(parser)
    parser.set_defaults(do=cut)


def cut(arguments: argparse.Namespace, context: Context) -> int:
    """Write the new recording and tell what it holds."""
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.cut import cut as write_cut

    file, out = named_recording(arguments.file, context), free_name(arguments.out)
    since, until = _span(arguments, file)
    done = write_cut(file, out, since, until, progress(context, "cutting"))
    context.stdout.write(f"{out}: {format_utc(since)} to {format_utc(until)}, {megabytes(done.size)}\n")
    if done.start_ms < since:
        context.stdout.write(
            f"  begins at {format_utc(done.start_ms)}: figures of 24 h need what came before; prices until shortly "
            "before the part by the minute\n"
        )
    tell_damage(context, file, done.damage)
    return 0


def _span(arguments: argparse.Namespace, file: Path) -> tuple[int, int]:
    from crashdesk.cli.moments import any_moment
    from crashdesk.recording.reader import RecordingReader

    if arguments.since is None and arguments.until is None:
        raise UsageError("cut needs --from, --to or both")
    reader = RecordingReader.open(file)
    start_ms, end_ms = reader.start_ms, reader.end_ms
    reader.close()
    since = start_ms if arguments.since is None else any_moment(arguments.since, start_ms, end_ms, "--from")
    until = end_ms if arguments.until is None else any_moment(arguments.until, start_ms, end_ms, "--to")
    if since >= until:
        raise UsageError("--from must be earlier than --to")
    return since, until
