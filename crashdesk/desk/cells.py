"""Cells of a bar: which of them fit, and how long each may be."""

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.desk.line import Piece, width_of

Form = Sequence[Piece]
EXTRA = 7
"""From this rank on a cell only takes the room that the others leave."""


class BarCell(NamedTuple):
    """`forms` from the longest to the shortest; a smaller `rank` keeps its place longer."""

    rank: int
    forms: tuple[Form, ...]


def form_width(form: Form) -> int:
    """Cells that a form takes."""
    return sum(width_of(text) for text, _ in form)


def fit_cells(cells: Sequence[BarCell], width: int, between: int) -> list[Form]:
    """The cells that fit into `width` with `between` cells from one to the next, in their order.

    Those of a rank under `EXTRA` come in their shortest form first, the most wanted ones before the others; then they
    grow in the same order; what is left of the room goes to the extras.
    """
    chosen: dict[int, Form] = {}
    used = -between
    by_rank = sorted(range(len(cells)), key=lambda place: cells[place].rank)
    wanted = [place for place in by_rank if cells[place].rank < EXTRA]
    for place, form in [(place, cells[place].forms[-1]) for place in wanted]:
        if used + between + form_width(form) <= width:
            chosen[place] = form
            used += between + form_width(form)
    for place in by_rank:
        taken = form_width(chosen[place]) if place in chosen else -between
        if place not in chosen and cells[place].rank < EXTRA:
            continue
        for form in cells[place].forms:
            more = form_width(form) - taken
            if used + more <= width:
                chosen[place] = form
                used += more
                break
    return [chosen[place] for place in sorted(chosen)]
