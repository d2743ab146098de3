"""`crashdesk export`: the rows of a recording for other programs."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.cli.export_tables import Cell, Row, Wanted
    from crashdesk.recording.reader import RecordingReader


def configure(parser: Parser) -> None:
    """Arguments of `export`."""
    from crashdesk.cli.export_formats import FORMATS
    from crashdesk.cli.export_tables import TABLES

    which = "; ".join(f"{name}: {table.summary}" for name, table in TABLES.items())
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording")
    parser.add_argument("--what", required=True, choices=tuple(TABLES), help=which)
    parser.add_argument("--format", choices=tuple(FORMATS), default="csv", help="default: csv")
    parser.add_argument("--from", dest="since", metavar="TIME", help="rows dated then or later: a time, -30m, 50%%")
    parser.add_argument("--to", dest="until", metavar="TIME", help="rows dated earlier than that")
    parser.add_argument("--out", metavar="FILE", type=Path, help="default: standard output")
    parser.add_argument("--raw", action="store_true", help="with the venues' own payloads")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the rows; what they come to is told on standard error."""
    from crashdesk.cli.export_formats import FORMATS
    from crashdesk.cli.export_tables import TABLES
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.reader import RecordingReader

    file, out = named_recording(arguments.file, context), arguments.out
    table, write = TABLES[arguments.what], FORMATS[arguments.format]
    with contextlib.closing(RecordingReader.open(file)) as reader:
        wanted = _wanted(arguments, reader)
        tally = Tally(_progress(context, reader, to_file=out is not None))
        with _output(out, file, context) as stream:
            write(stream, table.columns(wanted), tally.counted(table.rows(reader, wanted)))
        tally.progress(reader.end_ms)
        if out is not None or context.stderr.isatty():
            context.say(f"{tally.rows:,} {arguments.what}, ${tally.usd_micro / 1_000_000:,.2f}")
        if reader.damage:
            context.say(f"{file}: {len(reader.damage)} damaged places were passed over; `crashdesk doctor` names them")
    return 0


@dataclass(slots=True)
class Tally:
    """How many rows went out, what they come to in micro-dollars; `progress` is told when they were received."""

    progress: Callable[[int], None]
    rows: int = 0
    usd_micro: int = 0

    def counted(self, rows: Iterator[Row]) -> Iterator[Sequence[Cell]]:
        """The cells of the rows, which are counted as they pass."""
        for row in rows:
            self.rows += 1
            self.usd_micro += row.usd_micro
            self.progress(row.recv_ms)
            yield row.cells


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


@contextlib.contextmanager
def _output(out: Path | None, recording: Path, context: Context) -> Iterator[TextIO]:
    """Standard output, or the file, which is whole or as it was before."""
    if out is None:
        yield context.stdout
        return
    if out.is_dir():
        raise UsageError(f"--out: {out} is a folder; name a file in it")
    if out.exists() and out.samefile(recording):
        raise UsageError(f"--out: {out} is the recording itself")
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


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
    summary="the rows of a recording for other programs: liquidations as CSV or JSON",
    configure=configure,
    run=run,
    examples=(
        "crashdesk export night.crash --what liquidations > liquidations.csv",
        "crashdesk export night.crash --what liquidations --from 03:00 --to 04:00 --format ndjson",
        "crashdesk export night.crash --what liquidations --raw --out all.csv",
    ),
)
