"""`crashdesk snapshots share FILE --out NEW`: one file for somebody else, with your levels and notes in it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, megabytes, progress, tell_damage
from crashdesk.model.level import Level
from crashdesk.model.records import Batch, Liquidation, Note, PublishedLevel, Record, Session

SOURCE = "shared"


def configure(parser: Parser) -> None:
    """Arguments of `snapshots share`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording; it stays as it is")
    add_out(parser)
    parser.add_argument(
        "--no-raw", action="store_true", help="without the venues' own payloads: smaller, not checkable"
    )
    parser.set_defaults(do=share)


def share(arguments: argparse.Namespace, context: Context) -> int:
    """Write the file; say what of yours is in it."""
    from crashdesk.cli.recordings import named_recording
    from crashdesk.config.levels_file import load_levels
    from crashdesk.config.notes_file import load_notes
    from crashdesk.recording.reader import RecordingReader
    from crashdesk.recording.rewrite import rewrite

    file, out = named_recording(arguments.file, context), free_name(arguments.out)
    reader = RecordingReader.open(file)
    try:
        end_ms, recording_id = reader.end_ms, reader.session.recording_id
        symbols = {instrument.symbol for instrument in reader.restore(end_ms).instruments}
    finally:
        reader.close()
    own, level_problems = load_levels(context.paths.levels_file)
    notes, note_problems = load_notes(context.paths.notes_file, recording_id)
    for problem in (*level_problems, *note_problems):
        context.say(str(problem))
    levels = [level for level in own if level.symbol in symbols]
    plain = [level for level in levels if level.trend is None]
    known = [note for note in notes if note.ts_ms <= end_ms]
    done = rewrite(file, out, Sharer(plain, known, raw=not arguments.no_raw), progress(context, "writing"))
    said = [f"{out}: {megabytes(done.size)}, with {len(plain):,} of your levels and {len(known):,} of your notes"]
    if len(plain) < len(levels):
        said.append(f"  {len(levels) - len(plain):,} trend lines are left out: a recording holds none")
    if len(known) < len(notes):
        said.append(f"  {len(notes) - len(known):,} notes are left out: they are later than its end")
    context.stdout.write("\n".join(said) + "\n")
    tell_damage(context, file, done.damage)
    return 0


class Sharer:
    """The change that is made to every frame. Levels come with the first one, a note when its time has come.

    The copy is a recording of its own: whoever made it does not see notes in it twice. A level in a recording has no
    alert.
    """

    def __init__(self, levels: Iterable[Level], notes: Iterable[Note], *, raw: bool) -> None:
        self._levels = [
            PublishedLevel(one.symbol, one.price, one.kind.value, one.label, SOURCE, one.created_ms) for one in levels
        ]
        self._notes = sorted(notes, key=lambda note: note.ts_ms)
        self._raw = raw

    def __call__(self, batch: Batch) -> Sequence[Record]:
        """The records of a frame, with what comes with it."""
        made = [self._changed(record) for record in batch.records]
        made += self._levels
        self._levels = []
        due = [note for note in self._notes if note.ts_ms <= batch.recv_ms]
        self._notes = self._notes[len(due) :]
        return [*made, *due]

    def _changed(self, record: Record) -> Record:
        if isinstance(record, Session):
            return record._replace(recording_id=f"{record.recording_id}-{SOURCE}")
        if isinstance(record, Liquidation) and not self._raw:
            return record._replace(raw="")
        return record
