"""`python -m tests.golden.make`: the golden recording of the present format version. Never make an older one again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from crashdesk.model.records import Record
from crashdesk.recording.format import FORMAT_VERSION
from crashdesk.recording.reader import RecordingReader
from tests.session import market_tape

FOLDER = Path(__file__).parent
FIELDS_1 = {"Event": 9, "Session": 7}
"""Records that have got more fields since version 1, and how many they had."""


def golden_text(path: Path) -> str:
    """What a recording holds, as JSON: how many records of each type, and a digest of all of them in order."""
    reader = RecordingReader.open(path)
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    for _, batch in reader.batches(reader.first_offset):
        for record in batch.records:
            counts[type(record).__name__] += 1
            digest.update(json.dumps([batch.recv_ms, type(record).__name__, *_said(record)]).encode())
    content = {
        "start_ms": reader.start_ms,
        "end_ms": reader.end_ms,
        "records": dict(sorted(counts.items())),
        "sha256": digest.hexdigest(),
    }
    reader.close()
    return json.dumps(content, indent=2) + "\n"


def _said(record: Record) -> tuple[object, ...]:
    """The fields of a record; later ones only when they say something."""
    first = FIELDS_1.get(type(record).__name__, len(record))
    defaults = tuple(record._field_defaults[name] for name in record._fields[first:])
    return tuple(record[:first]) if record[first:] == defaults else tuple(record)


def main() -> None:
    path = FOLDER / f"v{FORMAT_VERSION}.crash"
    if path.exists():
        raise SystemExit(f"{path} is there already: a golden recording stays as it was")
    market_tape.write(path, hours=1.1, seed=11)
    path.with_suffix(".json").write_text(golden_text(path), encoding="utf-8")


if __name__ == "__main__":
    main()
