"""Pastes that do not end, in pieces of every size."""

from __future__ import annotations

import pytest

from crashdesk.outside.browser.pasting import MOST_PASTED, Pasting

BEGIN, END = b"\x1b[200~", b"\x1b[201~"
PIECE = 50_000


def taken(pasting: Pasting, typed: bytes, piece: int = PIECE) -> bool:
    return all(pasting.within_reason(typed[at : at + piece]) for at in range(0, len(typed), piece))


@pytest.mark.parametrize("piece", [1, 4, 7, PIECE])
def test_pastes_that_end_are_taken_for_ever(piece: int) -> None:
    pasting = Pasting()
    for _ in range(3):
        assert taken(pasting, b"z" + BEGIN + b"x" * (MOST_PASTED // 2) + END + b"q", piece)
    assert pasting.within_reason(b"k" * 2 * MOST_PASTED)


@pytest.mark.parametrize("inside", [b"x", BEGIN, b"\x1b[20", END[:-1]])
def test_one_that_does_not_end_is_not(inside: bytes) -> None:
    pasting = Pasting()
    assert taken(pasting, END + b"z" + BEGIN)
    assert not taken(pasting, inside * (MOST_PASTED // len(inside) + 1), PIECE - 1)


@pytest.mark.parametrize("cut", range(1, len(BEGIN)))
def test_a_begin_that_comes_in_two_pieces_is_one(cut: int) -> None:
    pasting = Pasting()
    assert pasting.within_reason(END + b"k" + BEGIN[:cut])
    assert pasting.within_reason(BEGIN[cut:])
    assert not pasting.within_reason(b"x" * MOST_PASTED)
