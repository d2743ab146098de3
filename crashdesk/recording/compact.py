"""A recording in fewer bytes: liquidations that came within one second in one frame.

The state at every whole second stays what it was, and so does the order of the liquidations; between two seconds a
liquidation may count up to a second later than it did. Checkpoints and roll-ups are written anew, what earlier writers
left in vain (frames that were cut off, digests) is gone, and frames of older versions become frames of this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path

from crashdesk.model.records import Batch, Liquidation
from crashdesk.model.times import SECOND_MS
from crashdesk.recording.anew import Progress
from crashdesk.recording.rewrite import Rewritten, rewrite_all


def compact(source_path: Path, out_path: Path, progress: Progress | None = None) -> Rewritten:
    """Write `source_path` in fewer bytes to the new file `out_path`. Raises RecordingError as `rewrite` does."""
    return rewrite_all(source_path, out_path, _gathered, progress)


def _gathered(frames: Iterator[Batch]) -> Iterator[Batch]:
    for _, second in groupby(frames, _second_ended):
        batches = list(second)
        places = [place for place, batch in enumerate(batches) if _is_liquidations(batch)]
        for place, batch in enumerate(batches):
            if places and place == places[-1]:
                yield batch._replace(records=tuple(chain.from_iterable(batches[k].records for k in places)))
            elif not _is_liquidations(batch):
                yield batch


def _second_ended(batch: Batch) -> int:
    """The whole second at which the frame is known for the first time."""
    return -(-batch.recv_ms // SECOND_MS)


def _is_liquidations(batch: Batch) -> bool:
    return bool(batch.records) and isinstance(batch.records[0], Liquidation)
