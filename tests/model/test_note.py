"""Kind words and times of notes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.note import NoteKind, Pinned, parse_pinned, pinned_words, split_kind, typed_note
from crashdesk.model.records import Note, Precision

NOW = 1_762_225_964_000


def _ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("hack: Balancer exploited", NoteKind.HACK, "Balancer exploited"),
        ("On-Chain : holders sell less", NoteKind.ON_CHAIN, "holders sell less"),
        ("the line held", NoteKind.MINE, "the line held"),
        ("10:30: watch this", NoteKind.MINE, "10:30: watch this"),
        ("hack", NoteKind.MINE, "hack"),
        ("Fed: no cut", NoteKind.MINE, "Fed: no cut"),
    ],
)
def test_a_kind_word_stands_in_front(typed: str, kind: NoteKind, text: str) -> None:
    assert split_kind(typed) == (kind, text)


@given(st.sampled_from(NoteKind), st.sampled_from(["news: a", "a b", "levels", "x: y"]))
def test_a_note_is_typed_as_it_is_read(kind: NoteKind, text: str) -> None:
    note = Note("n", NOW, Precision.MINUTE, kind.value, text, "", None)
    assert split_kind(typed_note(note)) == (kind, text)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2025-11-03", Pinned(_ms(2025, 11, 3), Precision.DAY)),
        ("20251103", Pinned(_ms(2025, 11, 3), Precision.DAY)),
        ("nov 3", Pinned(_ms(2025, 11, 3), Precision.DAY)),
        ("week to 2025-11-03", Pinned(_ms(2025, 11, 3), Precision.WEEK)),
        ("2025-11-03 14:05", Pinned(_ms(2025, 11, 3, 14, 5), Precision.MINUTE)),
        ("2025-11-03T14:05:06+08:00", Pinned(_ms(2025, 11, 3, 6, 5, 6), Precision.MINUTE)),
        ("nov 3 14:05", Pinned(_ms(2025, 11, 3, 14, 5), Precision.MINUTE)),
        ("-30m", Pinned(NOW - 1_800_000, Precision.MINUTE)),
        ("1762225964000", Pinned(NOW, Precision.MINUTE)),
    ],
)
def test_a_time_says_how_exactly_it_is_known(written: str, found: Pinned) -> None:
    assert parse_pinned(written, NOW) == found


@pytest.mark.parametrize("written", ["", "week to", "week to noon", "week to 2025-11-03 10:00", "2025-13-01", "soon"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"not a"):
        parse_pinned(written, NOW)


@given(st.integers(0, 253_402_300_799_999), st.sampled_from(Precision))
def test_a_written_time_is_read_again(ms: int, precision: Precision) -> None:
    whole = ms if precision is Precision.MINUTE else ms // 86_400_000 * 86_400_000
    assert parse_pinned(pinned_words(whole, precision), NOW) == Pinned(whole, precision)
