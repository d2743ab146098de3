"""`crashdesk snapshots`: the recordings there are, and what is in one."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli import compact, cut, join, prune, renormalise, repair, share
from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.model.errors import RecordingError
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc

if TYPE_CHECKING:
    from crashdesk.config.pins_file import Pins
    from crashdesk.recording.reader import RecordingReader


_WRITERS = (
    (
        "share",
        share.configure,
        "one file for somebody else, with your levels and notes in it",
        "share night.crash --out for-you.crash --no-raw",
    ),
    ("cut", cut.configure, "a part of a recording", "cut night.crash --from 03:00 --to 04:00 --out part.crash"),
    ("join", join.configure, "two recordings as one", "join first.crash second.crash --out both.crash"),
    ("compact", compact.configure, "a recording in fewer bytes", "compact night.crash --out small.crash"),
    (
        "repair",
        repair.configure,
        "save what holds of a damaged recording, into a new one",
        "repair night.crash --out saved.crash",
    ),
    (
        "renormalise",
        renormalise.configure,
        "recompute sides and sizes of liquidations from the venues' own rows, into a new recording",
        "renormalise old.crash --out new.crash",
    ),
)
"""Words that write a new recording: how they are called, their arguments, what they do, an example."""
_KEEPERS = (
    ("pin", prune.configure_pin, "keep an automatic recording for good", "pin live-2025-11-04.crash"),
    ("unpin", prune.configure_unpin, "let it be pruned again", "unpin live-2025-11-04.crash"),
    (
        "prune",
        prune.configure_prune,
        "remove old automatic recordings that are not pinned",
        "prune --days 30 --dry-run",
    ),
)
"""Words about which recordings stay, in the same form."""


def configure(parser: Parser) -> None:
    """Arguments of `snapshots`."""
    words = "|".join(("list", "info", *(name for name, *_ in (*_KEEPERS, *_WRITERS))))
    group = parser.add_subparsers(metavar=words, parser_class=Parser, required=True)
    add_subcommand(group, "list", "your recordings").set_defaults(do=_list)
    info = add_subcommand(group, "info", "what is in a recording", "crashdesk snapshots info night.crash")
    info.add_argument("file", metavar="FILE", type=Path)
    info.add_argument("--json", action="store_true", help="as JSON")
    info.set_defaults(do=_info)
    for name, configure_one, summary, example in (*_KEEPERS, *_WRITERS):
        configure_one(add_subcommand(group, name, summary, f"crashdesk snapshots {example}"))


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run the word after `snapshots`."""
    code: int = arguments.do(arguments, context)
    return code


def _list(_: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.pins_file import load_pins
    from crashdesk.recording.reader import RecordingReader

    folder = context.paths.recordings_dir
    pins, problems = load_pins(context.paths.pins_file)
    for problem in problems:
        context.say(str(problem))
    files = sorted(folder.glob("*.crash")) if folder.is_dir() else []
    for file in files:
        try:
            reader = RecordingReader.open(file)
        except RecordingError as error:
            context.say(str(error))
            continue
        span = f"{format_utc(reader.start_ms)} to {format_utc(reader.end_ms)}"
        marks = _marks(file, folder, pins)
        context.stdout.write(f"{file.name}  {span}  {file.stat().st_size / 1e6:.1f} MB  {_title(reader)}{marks}\n")
        reader.close()
    context.stdout.write(f"in {folder}\n" if files else f"no recordings in {folder} yet\n")
    return 0


def _marks(file: Path, folder: Path, pins: Pins) -> str:
    from crashdesk.config.pins_file import Pin, is_pinned
    from crashdesk.recording.shelf import look_at

    found = look_at(file, folder)
    words = ["auto"] if found.automatic else []
    words += ["pinned"] if is_pinned(pins, Pin(found.recording_id, found.start_ms)) else []
    return f"  ({', '.join(words)})" if words else ""


def _title(reader: RecordingReader) -> str:
    session = reader.session
    return clean(f"{session.label}: {session.title}" if session.label else session.title, 80)


def _info(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.cli.contents import contents_of
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.reader import RecordingReader

    file = named_recording(arguments.file, context)
    reader = RecordingReader.open(file)
    try:
        contents = contents_of(reader)
    finally:
        reader.close()
    if arguments.json:
        context.stdout.write(json.dumps(contents.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        context.stdout.write("\n".join(contents.lines(file)) + "\n")
    return 0


COMMAND = Command(
    name="snapshots",
    summary="your recordings: list, look into, pin, prune, cut, join, compact, repair",
    configure=configure,
    run=run,
    examples=("crashdesk snapshots list", "crashdesk snapshots info night.crash"),
)
