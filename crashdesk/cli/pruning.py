"""Removing automatic recordings that are old, not pinned, and used by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crashdesk.config.pins_file import Pin, is_pinned, load_pins
from crashdesk.config.settings import Paths
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.records import Event, EventKind
from crashdesk.model.timeframe import DAY_MS
from crashdesk.recording.shelf import OnShelf, automatic_recordings, in_use, remove

_NAMED = 5


class Found(NamedTuple):
    """An automatic recording that is old enough to go; `kept` is why it stays all the same, empty: it goes."""

    recording: OnShelf
    kept: str


def old_recordings(paths: Paths, days: int, now_ms: int) -> Iterator[Found]:
    """Automatic recordings that ended at least `days` days before `now_ms`.

    Raises CrashdeskError when the pins cannot be read: nothing goes then.
    """
    pins, problems = load_pins(paths.pins_file)
    if problems:
        raise CrashdeskError(f"nothing is removed while it is not known what is pinned: {problems[0]}")
    for found in automatic_recordings(paths.recordings_dir):
        if found.end_ms <= now_ms - days * DAY_MS:
            pinned = is_pinned(pins, Pin(found.recording_id, found.start_ms))
            yield Found(found, "pinned" if pinned else in_use(found.path, paths.runtime_dir))


def prune(paths: Paths, days: int, now_ms: int) -> Iterator[Found]:
    """Remove them, one after the other. Raises CrashdeskError as `old_recordings` does."""
    for found in old_recordings(paths, days, now_ms):
        kept = found.kept
        if not kept:
            try:
                remove(found.recording.path)
            except CrashdeskError:
                kept = "being written"
            except OSError as error:
                kept = (error.strerror or str(error)).lower()
        yield found._replace(kept=kept)


def prune_told(paths: Paths, days: int, now_ms: int) -> tuple[Event, ...]:
    """Remove them for a recorder, which writes what went, or why nothing could, into its recording; 0 days: never."""
    if not days:
        return ()
    try:
        gone = [found.recording.path.name for found in prune(paths, days, now_ms) if not found.kept]
    except CrashdeskError as error:
        return (Event(EventKind.WORKER, now_ms, now_ms, str(error)),)
    if not gone:
        return ()
    more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
    text = f"removed, as they ended {days} days ago or before: {', '.join(gone[:_NAMED])}{more}"
    return (Event(EventKind.WORKER, now_ms, now_ms, text),)
