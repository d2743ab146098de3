"""The foot of the sectors' frame: how many members rise and fall, and what the colours mean."""

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.desk.cells import form_width
from crashdesk.desk.line import Piece
from crashdesk.desk.look import Look
from crashdesk.session.views import SectorTile

_LONG, _SHORT = 24, 10


class Counted(NamedTuple):
    """Members by what is known of their 24h change."""

    rising: int
    flat: int
    falling: int
    unknown: int


def count_members(sectors: Sequence[SectorTile]) -> Counted:
    """The members of some sectors."""
    changes = [move.change_24h_pct for sector in sectors for move in sector.moves]
    others = [member.change_24h_pct for sector in sectors for member in sector.unused]
    known = changes + [change for change in others if change is not None]
    rising, falling = sum(change > 0 for change in known), sum(change < 0 for change in known)
    return Counted(rising, len(known) - rising - falling, falling, len(changes) + len(others) - len(known))


def foot_pieces(counted: Counted, scale: float, look: Look, width: int) -> Sequence[Piece]:
    """The bar of members and the scale of colours, as much of them as fits into `width`."""
    legend = _legend(scale, look)
    bars = [_breadth(counted, cells, look) for cells in (_LONG, _SHORT)]
    for form in (*((*bar, *legend) for bar in bars), bars[-1], legend):
        if form_width(form) <= width:
            return form
    return ()


def _legend(scale: float, look: Look) -> tuple[Piece, ...]:
    palette, end = look.palette, f"{scale:g}%"
    ramp = ((f"{'  '}", style) for style in palette.heat)
    return ((f" {look.glyphs.minus}{end} ", palette.muted), *ramp, (f" +{end} ", palette.muted))


def _breadth(counted: Counted, width: int, look: Look) -> tuple[Piece, ...]:
    """`rising 1 ░███████ falling 63`, then what is known of the others; in the bar the unknown are dots."""
    palette, glyphs = look.palette, look.glyphs
    marks = (glyphs.bar_other, glyphs.track, glyphs.bar[-1], glyphs.dot)
    styles = (palette.gain, palette.muted, palette.loss, palette.muted)
    bar = [
        (mark * cells, style) for mark, style, cells in zip(marks, styles, _parts(counted, width), strict=True) if cells
    ]
    rest = [f"{count} {word}" for count, word in ((counted.flat, "unchanged"), (counted.unknown, "unknown")) if count]
    return (
        (" rising ", palette.muted),
        (f"{counted.rising} ", palette.gain),
        *bar,
        (" falling ", palette.muted),
        (f"{counted.falling} ", palette.loss),
        *((f"{glyphs.between} {', '.join(rest)} ", palette.muted) for _ in rest[:1]),
    )


def _parts(counts: Sequence[int], width: int) -> list[int]:
    """`width` cells in parts as the counts are; one that is not 0 gets a cell, at the cost of the largest."""
    whole = sum(counts)
    parts = [max(1, round(width * count / whole)) if count else 0 for count in counts]
    if whole:
        parts[parts.index(max(parts))] += width - sum(parts)
    return parts
