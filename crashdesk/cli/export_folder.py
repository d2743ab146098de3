"""A whole recording as a folder of tables, from which `crashdesk import` makes the same recording again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.export_output import table_file
from crashdesk.cli.record_forms import FORMS, cells_of, columns_of
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.recording.reader import RecordingReader

MANIFEST = "recording.json"
"""Says what the folder is: the format of its tables, when the recording began and ended, rows by table."""
SCHEMA = "crashdesk.export/1"


def export_folder(
    reader: RecordingReader, out: Path, form: str, progress: Callable[[int], None], *, raw: bool
) -> dict[str, int]:
    """Write every table into the new folder `out`, in one pass; it is there whole or not at all. Returns rows by table.

    Raises UsageError when `out` exists.
    """
    if os.path.lexists(out):
        raise UsageError(f"--out: {out} exists already; name a new folder")
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    partial.mkdir()
    try:
        counts = _tables(reader, partial, form, progress, raw=raw)
        manifest = {
            "schema": SCHEMA,
            "format": form,
            "start_ms": reader.start_ms,
            "end_ms": reader.end_ms,
            "rows": counts,
        }
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts


def _tables(
    reader: RecordingReader, folder: Path, form: str, progress: Callable[[int], None], *, raw: bool
) -> dict[str, int]:
    counts = dict.fromkeys(FORMS, 0)
    names = {each.record: name for name, each in FORMS.items()}
    with ExitStack() as stack:
        takes = {
            name: stack.enter_context(table_file(folder / f"{name}.{form}", form, columns_of(each, raw=raw)))
            for name, each in FORMS.items()
        }
        for _, batch in reader.batches(reader.first_offset):
            if not batch.records:
                continue
            name = names[type(batch.records[0])]  # a frame holds records of one kind
            each, take = FORMS[name], takes[name]
            for record in batch.records:
                take(cells_of(each, record, batch.recv_ms, raw=raw))
            counts[name] += len(batch.records)
            progress(batch.recv_ms)
    return counts
