"""Notes as people write them: a kind word in front of the text, and a time that says how exactly it is known."""

import re
from enum import StrEnum
from typing import NamedTuple

from crashdesk.model.kinds import Precision
from crashdesk.model.marks import Note
from crashdesk.model.times import iso_utc, parse_time


class NoteKind(StrEnum):
    """What a note is about."""

    NEWS = "news"
    HACK = "hack"
    MACRO = "macro"
    FLOWS = "flows"
    STOCKS = "stocks"
    ON_CHAIN = "on-chain"
    LEVELS = "levels"
    MINE = "mine"
    BOOKMARK = "bookmark"


class Pinned(NamedTuple):
    """UTC ms and how exactly it is known; of a day its 00:00, of a week the 00:00 of its last day."""

    ts_ms: int
    precision: Precision


_DATE = r"\d{4}-?\d\d-?\d\d|[a-z]{3,9}\.? \d{1,2}(?:,? \d{4})?"
_WEEK = "week to "
_SECONDS = 19


def split_kind(typed: str) -> tuple[NoteKind, str]:
    """Kind and text of `hack: Balancer ...`; without a kind word in front the note is `mine`."""
    word, colon, rest = typed.partition(":")
    try:
        kind = NoteKind(word.strip().lower())
    except ValueError:
        return NoteKind.MINE, typed.strip()
    return (kind, rest.strip()) if colon else (NoteKind.MINE, typed.strip())


def typed_note(note: Note) -> str:
    """A note as one types it: what `split_kind` takes apart again."""
    if note.kind == NoteKind.MINE and split_kind(note.text) == (NoteKind.MINE, note.text):
        return note.text
    return f"{note.kind}: {note.text}"


def parse_pinned(text: str, now_ms: int) -> Pinned:
    """A time with what is known of it: a date without an hour is a day, `week to 2025-11-03` a week.

    Times are written as `times.parse_time` takes them, relative to `now_ms`. Raises ValueError with one sentence.
    """
    word = " ".join(text.lower().split())
    if word.startswith(_WEEK):
        day = word.removeprefix(_WEEK)
        if not re.fullmatch(_DATE, day, re.ASCII):
            raise ValueError(f"not a date after {_WEEK.strip()!r}: write week to 2025-11-03")
        return Pinned(parse_time(day, now_ms), Precision.WEEK)
    precision = Precision.DAY if re.fullmatch(_DATE, word, re.ASCII) else Precision.MINUTE
    return Pinned(parse_time(text, now_ms), precision)


def pinned_words(ts_ms: int, precision: Precision) -> str:
    """The time as `parse_pinned` reads it: `2025-11-03T14:05:00Z`, `2025-11-03`, `week to 2025-11-03`."""
    iso = iso_utc(ts_ms) or ""
    if precision is Precision.MINUTE:
        return f"{iso[:_SECONDS]}Z" if iso.endswith(".000Z") else iso
    return iso[:10] if precision is Precision.DAY else f"{_WEEK}{iso[:10]}"
