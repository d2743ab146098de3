"""A folder that `export --what all` wrote, as the recording that it was."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from crashdesk.cli.export_folder import MANIFEST, SCHEMA
from crashdesk.cli.export_formats import FORMATS
from crashdesk.cli.importing.table_files import table_rows
from crashdesk.cli.importing.wrong_rows import RowError, WrongRows
from crashdesk.cli.record_forms import FORMS, record_of
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.records import Batch, Record, Session
from crashdesk.recording.check import check_records
from crashdesk.recording.codec import KIND_OF

_Timed = tuple[int, int, Record]
"""When it came, the place of its table, the record."""


class Folder(NamedTuple):
    """An exported folder: the format of its tables, the end of the recording (UTC ms), rows by table."""

    path: Path
    form: str
    end_ms: int
    rows: dict[str, int]

    def session(self) -> Session:
        """The first session. Raises CrashdeskError when there is none."""
        wrong = WrongRows(strict=True)
        for _, _, record in _table(self, "sessions", 0, wrong, {}):
            if isinstance(record, Session):
                return record
        raise CrashdeskError(f"{self.path}: sessions.{self.form} has no row: it was not exported whole")


def open_folder(path: Path) -> Folder:
    """What its manifest says. Raises CrashdeskError when it is no exported folder."""
    if not path.is_dir():
        raise CrashdeskError(f"{path}: no such folder")
    try:
        raw = json.loads((path / MANIFEST).read_text("utf-8"))
        form, end_ms, rows = raw["format"], int(raw["end_ms"]), {name: int(raw["rows"][name]) for name in FORMS}
        known = raw["schema"] == SCHEMA and form in FORMATS
    except FileNotFoundError:
        raise CrashdeskError(f"{path}: has no {MANIFEST}: `crashdesk export --what all` writes such a folder") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise CrashdeskError(f"{path / MANIFEST}: is not of this version of crashdesk, or damaged")
    return Folder(path, form, end_ms, rows)


def folder_frames(folder: Folder, wrong: WrongRows) -> Iterator[Batch]:
    """The frames of the recording. Rows that cannot be taken go to `wrong`; so do rows that are not there."""
    read: dict[str, int] = {}
    tables = [_table(folder, name, place, wrong, read) for place, name in enumerate(FORMS)]
    # one frame holds one kind: rows of one time are of one table, unless somebody edited them
    for (recv_ms, _), rows in groupby(heapq.merge(*tables, key=itemgetter(0, 1)), key=itemgetter(0, 1)):
        yield Batch(0, recv_ms, tuple(record for _, _, record in rows))
    for name, count in folder.rows.items():
        if read.get(name, 0) != count:
            what = f"{read.get(name, 0):,} rows where {count:,} were exported"
            wrong.add(_file(folder, name), "at its end", RowError("other number of rows", what))


def _file(folder: Folder, name: str) -> Path:
    return folder.path / f"{name}.{folder.form}"


def _table(folder: Folder, name: str, place: int, wrong: WrongRows, read: dict[str, int]) -> Iterator[_Timed]:
    path, form, last_ms = _file(folder, name), FORMS[name], 0
    kind = KIND_OF[form.record]
    for row in table_rows(path):
        read[name] = read.get(name, 0) + 1
        try:
            recv_ms, record = record_of(form, row.values)
            check_records(kind, (record,))
            if recv_ms < last_ms:
                raise ValueError("recv_ms is earlier than that of the row before")
        except (ValueError, OverflowError) as error:
            wrong.add(path, row.where, RowError("bad row", str(error)))
            continue
        last_ms = recv_ms
        yield recv_ms, place, record
