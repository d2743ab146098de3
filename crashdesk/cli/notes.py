"""`crashdesk note` and `crashdesk notes`: the trader's own notes on a recording, without a desk."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.model.errors import CrashdeskError, RecordingError, UsageError
from crashdesk.model.note import NoteKind, parse_pinned, split_kind
from crashdesk.model.text import clean

if TYPE_CHECKING:
    from crashdesk.model.records import Note

_KINDS = tuple(kind.value for kind in NoteKind)
_FORMATS = ("csv", "json")
_LONGEST = 500


class _On(NamedTuple):
    """The recording that notes are about, and what `--at` counts from: its end, or now when it is the live one."""

    recording_id: str
    now_ms: int


def _configure_note(parser: Parser) -> None:
    parser.add_argument("text", help='what to note; it may begin with a kind: "hack: Balancer exploited"')
    parser.add_argument(
        "--at", metavar="TIME", help="2025-11-03 14:05, 14:05, -30m; a date alone is a day (default: now)"
    )
    parser.add_argument("--kind", choices=_KINDS, help="default: mine, or the word the text begins with")
    parser.add_argument("--source", metavar="WHO", default="", help="who says so")
    parser.add_argument("--url", metavar="URL", help="where it can be read")
    _add_recording(parser)


def _configure_notes(parser: Parser) -> None:
    parser.set_defaults(act=_list)
    group = parser.add_subparsers(title="what to do", metavar="WHAT", parser_class=Parser)
    listing = add_subcommand(group, "list", "your notes on a recording")
    listing.set_defaults(act=_list)
    removing = add_subcommand(group, "remove", "remove a note by its id", "crashdesk notes remove 3fa85f64")
    removing.add_argument("id", help="as `crashdesk notes list` shows it")
    removing.set_defaults(act=_remove)
    importing = add_subcommand(
        group, "import", "causes from CSV or JSON: ts, kind, text, source, url", "crashdesk notes import causes.csv"
    )
    importing.add_argument("file", metavar="FILE", type=Path, help="CSV with a head, or a JSON list of objects")
    importing.set_defaults(act=_import)
    exporting = add_subcommand(group, "export", "your notes as they can be imported", "crashdesk notes export > n.csv")
    exporting.add_argument("--format", choices=_FORMATS, default="csv", help="default: csv")
    exporting.set_defaults(act=_export)
    for part in (parser, listing, removing, importing, exporting):
        _add_recording(part)


def _add_recording(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recording",
        metavar="FILE",
        type=Path,
        default=argparse.SUPPRESS,
        help="the recording that it is about (default: the live one)",
    )


def _note(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.notes_file import add_note
    from crashdesk.model.records import Note

    on = _recording(arguments, context)
    kind, words = split_kind(clean(_checked(arguments.text, "the note"), _LONGEST))
    if arguments.kind is not None:
        kind, words = NoteKind(arguments.kind), clean(arguments.text, _LONGEST)
    if not words:
        raise UsageError("note: the text is empty")
    try:
        at = parse_pinned(arguments.at if arguments.at is not None else str(on.now_ms), on.now_ms)
    except ValueError as error:
        raise UsageError(f"--at: {error}") from None
    source = clean(_checked(arguments.source, "--source"), _LONGEST)
    note = Note(uuid4().hex[:8], at.ts_ms, at.precision, kind.value, words, source, _url(arguments.url))
    add_note(_file(context), on.recording_id, note)
    context.stdout.write(f"{_line(note)}\n")
    return 0


def _list(arguments: argparse.Namespace, context: Context) -> int:
    for note in _loaded(arguments, context):
        context.stdout.write(f"{_line(note)}\n")
    return 0


def _remove(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.near import did_you_mean
    from crashdesk.config.notes_file import remove_note

    notes = {note.id: note for note in _loaded(arguments, context)}
    if arguments.id not in notes:
        hint = did_you_mean(arguments.id, notes) or "crashdesk notes list shows them"
        raise CrashdeskError(f"no note {clean(arguments.id, 40)!r} of yours on this recording ({hint})")
    remove_note(_file(context), _recording(arguments, context).recording_id, arguments.id)
    context.say(f"removed: {notes[arguments.id].text}")
    return 0


def _import(arguments: argparse.Namespace, context: Context) -> int:
    """The good rows are kept, each wrong one is named; exit code 1 when there was one."""
    from crashdesk.config.causes_file import read_causes
    from crashdesk.config.notes_file import add_notes, load_notes

    on = _recording(arguments, context)
    causes = read_causes(arguments.file, on.now_ms)
    for problem in causes.problems:
        context.say(str(problem))
    before = {note.id for note in load_notes(_file(context), on.recording_id)[0]}
    if causes.notes:
        add_notes(_file(context), on.recording_id, causes.notes)
    known = sum(note.id in before for note in causes.notes)
    there = f", {known} there already" if known else ""
    left = f", {len(causes.problems)} left out" if causes.problems else ""
    context.say(f"{len(causes.notes) - known} notes imported{there}{left}")
    return 1 if causes.problems else 0


def _export(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.cli.export_formats import write_table
    from crashdesk.config.causes_file import COLUMNS, cause_cells

    write_table(arguments.format, context.stdout, COLUMNS, map(cause_cells, _loaded(arguments, context)))
    return 0


def _loaded(arguments: argparse.Namespace, context: Context) -> Iterable[Note]:
    """The notes on the recording by time; what is wrong in the file is said."""
    from crashdesk.config.notes_file import load_notes

    notes, problems = load_notes(_file(context), _recording(arguments, context).recording_id)
    for problem in problems:
        context.say(str(problem))
    return sorted(notes, key=lambda note: (note.ts_ms, note.id))


def _recording(arguments: argparse.Namespace, context: Context) -> _On:
    from crashdesk.cli.recordings import file_recording

    file: Path | None = getattr(arguments, "recording", None)
    chosen = file_recording(file, context)
    if file is None and not chosen.path.exists():
        raise RecordingError("there is no live recording yet: start `crashdesk` first, or name one with --recording")
    reader = chosen.open()
    try:
        return _On(reader.session.recording_id, reader.end_ms if file is not None else context.clock.now_ms())
    finally:
        reader.close()


def _file(context: Context) -> Path:
    return context.paths.notes_file


def _checked(text: str, what: str) -> str:
    if len(text) > _LONGEST:
        raise UsageError(f"{what} must have at most {_LONGEST} characters, has {len(text)}")
    return text


def _url(text: str | None) -> str | None:
    from crashdesk.config.checks import BadValueError
    from crashdesk.config.web import web_address

    if text is None:
        return None
    try:
        return web_address(text)
    except BadValueError as bad:
        raise UsageError(f"--url: {bad} ({bad.hint})") from None


def _line(note: Note) -> str:
    from crashdesk.model.note import pinned_words

    tail = "".join(f"  {part}" for part in (note.source, note.url) if part)
    return f"{note.id:12}  {pinned_words(note.ts_ms, note.precision):20}  {note.kind:8}  {note.text}{tail}"


NOTE = Command(
    name="note",
    summary="pin a note in the timeline of a recording",
    configure=_configure_note,
    run=_note,
    examples=(
        'crashdesk note "the 105,000 line holds"',
        'crashdesk note "hack: Balancer exploited, over $100M" --at 2025-11-03 --source report',
    ),
)

NOTES = Command(
    name="notes",
    summary="list, remove, import and export your notes on a recording",
    configure=_configure_notes,
    run=lambda arguments, context: int(arguments.act(arguments, context)),
    examples=("crashdesk notes", "crashdesk notes import causes.csv --recording night.crash"),
)
