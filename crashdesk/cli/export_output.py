"""Where an exported table goes: standard output, or a file that is whole or as it was before."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from crashdesk.cli.export_formats import BINARY_FORMATS, TEXT_FORMATS, Take
from crashdesk.cli.record_forms import Column
from crashdesk.model.errors import UsageError


@contextlib.contextmanager
def table_output(
    out: Path | None, recording: Path, stdout: TextIO, form: str, columns: Sequence[Column]
) -> Iterator[Take]:
    """What takes the rows of one table. Raises UsageError for a place where it must not go."""
    if out is None:
        if form in BINARY_FORMATS:
            raise UsageError(f"--format {form} needs --out FILE")
        with TEXT_FORMATS[form](stdout, columns) as take:
            yield take
        return
    refuse_place(out, recording)
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    try:
        with table_file(partial, form, columns) as take:
            yield take
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def refuse_place(out: Path, recording: Path) -> None:
    """Raises UsageError for a place where nothing made of a recording must go."""
    if out.is_dir():
        raise UsageError(f"--out: {out} is a folder; name a file in it")
    if out.exists() and recording.exists() and out.samefile(recording):
        raise UsageError(f"--out: {out} is the recording itself")


@contextlib.contextmanager
def table_file(path: Path, form: str, columns: Sequence[Column]) -> Iterator[Take]:
    """A table in a new file."""
    if form in BINARY_FORMATS:
        with path.open("wb") as data, BINARY_FORMATS[form](data, columns) as take:
            yield take
        return
    with path.open("w", encoding="utf-8", newline="") as stream, TEXT_FORMATS[form](stream, columns) as take:
        yield take
