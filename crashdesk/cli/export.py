"""`crashdesk export`: the rows of a recording for other programs."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.cli.export_tables import Wanted
    from crashdesk.recording.reader import RecordingReader

ALL = "all"


def configure(parser: Parser) -> None:
    """Arguments of `export`."""
    from crashdesk.cli.export_formats import FORMATS
    from crashdesk.cli.export_tables import TABLES

    which = "; ".join(f"{name}: {table.summary}" for name, table in TABLES.items())
    which += f"; {ALL}: every table, into a new folder that `crashdesk import` makes a recording of"
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording")
    parser.add_argument("--what", required=True, choices=(*TABLES, ALL), help=which)
    parser.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    parser.add_argument("--from", dest="since", metavar="TIME", help="rows dated then or later: a time, -30m, 50%%")
    parser.add_argument("--to", dest="until", metavar="TIME", help="rows dated earlier than that")
    parser.add_argument("--out", metavar="FILE", type=Path, help="default: standard output")
    parser.add_argument("--raw", action="store_true", help="with the venues' own payloads")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the rows; what they come to is told on standard error."""
    from crashdesk.cli.damage_words import passed_over
    from crashdesk.cli.export_tables import TABLES
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.reader import RecordingReader

    file = named_recording(arguments.file, context)
    spanned = arguments.since is not None or arguments.until is not None
    if spanned and (arguments.what == ALL or not TABLES[arguments.what].spans):
        raise UsageError(f"--what {arguments.what} is of the whole recording: --from and --to do not go with it")
    with contextlib.closing(RecordingReader.open(file)) as reader:
        if arguments.what == ALL:
            _all(arguments, reader, context)
        else:
            _one(arguments, reader, context)
        if reader.damage:
            context.say(passed_over(file, reader.damage))
    return 0


def _one(arguments: argparse.Namespace, reader: RecordingReader, context: Context) -> None:
    from crashdesk.cli.export_output import table_output
    from crashdesk.cli.export_tables import TABLES

    wanted, out = _wanted(arguments, reader), arguments.out
    table = TABLES[arguments.what]
    progress = _progress(context, reader, to_file=out is not None)
    rows = usd_micro = 0
    with table_output(out, reader.path, context.stdout, arguments.format, table.columns(wanted)) as take:
        for row in table.rows(reader, wanted):
            rows += 1
            usd_micro += row.usd_micro
            progress(row.recv_ms)
            take(row.cells)
    progress(reader.end_ms)
    if out is not None or context.stderr.isatty():
        money = f", ${usd_micro / 1_000_000:,.2f}" if arguments.what == "liquidations" else ""
        context.say(f"{rows:,} {arguments.what.replace('_', ' ')}{money}" if table.spans else f"{rows:,} figures")


def _all(arguments: argparse.Namespace, reader: RecordingReader, context: Context) -> None:
    from crashdesk.cli.export_folder import export_folder

    if arguments.out is None:
        raise UsageError(f"--what {ALL} needs --out FOLDER, a new one")
    progress = _progress(context, reader, to_file=True)
    counts = export_folder(reader, arguments.out, arguments.format, progress, raw=arguments.raw)
    progress(reader.end_ms)
    said = ", ".join(f"{rows:,} {name.replace('_', ' ')}" for name, rows in counts.items() if rows)
    context.say(f"{arguments.out}: {said}")


def _wanted(arguments: argparse.Namespace, reader: RecordingReader) -> Wanted:
    from crashdesk.cli.export_tables import Wanted
    from crashdesk.cli.moments import any_moment

    since, until = (
        None if text is None else any_moment(text, reader.start_ms, reader.end_ms, option)
        for text, option in ((arguments.since, "--from"), (arguments.until, "--to"))
    )
    if since is not None and until is not None and since >= until:
        raise UsageError("--from must be earlier than --to")
    return Wanted(since, until, arguments.raw)


def _progress(context: Context, reader: RecordingReader, *, to_file: bool) -> Callable[[int], None]:
    """Shows the share that is read, on a terminal that shows no rows."""
    stderr, start_ms = context.stderr, reader.start_ms
    span_ms = max(1, reader.end_ms - start_ms)
    if not stderr.isatty() or not (to_file or not context.stdout.isatty()):
        return lambda _: None
    shown = [-1]

    def show(recv_ms: int) -> None:
        done = 100 * (recv_ms - start_ms) // span_ms
        if done > shown[0]:
            shown[0] = done
            stderr.write(f"\rexporting: {done} %" if done < 100 else "\r\x1b[K")
            stderr.flush()

    return show


COMMAND = Command(
    name="export",
    summary="a recording for other programs: its tables as CSV, JSON or Parquet",
    configure=configure,
    run=run,
    examples=(
        "crashdesk export night.crash --what liquidations > liquidations.csv",
        "crashdesk export night.crash --what quotes --from 03:00 --to 04:00 --format ndjson",
        "crashdesk export night.crash --what candles --format parquet --out candles.parquet",
        "crashdesk export night.crash --what all --out night/",
    ),
)
