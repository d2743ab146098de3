"""Cells of a bar: which of them fit, and how long each may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crashdesk.desk.line import Piece, width_of

Form = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class BarCell:
    """`forms` from the longest to the shortest; a smaller `rank` keeps its place longer."""

    rank: int
    forms: tuple[Form, ...]


def form_width(form: Form) -> int:
    """Cells that a form takes."""
    return sum(width_of(text) for text, _ in form)


def fit_cells(cells: Sequence[BarCell], width: int, between: int) -> list[Form]:
    """The cells that fit into `width` with `between` cells from one to the next, in their order.

    Each comes in its shortest form first, the most wanted ones before the others; then they grow in the same order.
    """
    chosen: dict[int, Form] = {}
    used = -between
    by_rank = sorted(range(len(cells)), key=lambda place: cells[place].rank)
    for place in by_rank:
        shortest = cells[place].forms[-1]
        if used + between + form_width(shortest) <= width:
            chosen[place] = shortest
            used += between + form_width(shortest)
    for place in by_rank:
        if place not in chosen:
            continue
        for form in cells[place].forms:
            more = form_width(form) - form_width(chosen[place])
            if used + more <= width:
                chosen[place] = form
                used += more
                break
    return [chosen[place] for place in sorted(chosen)]
