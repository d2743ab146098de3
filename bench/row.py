"""What a bench finds: one row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its floor (or peer) of the same run, in `unit`; `ratio` is ours / floor.

    `target` is what PERFORMANCE asks for, as text; `note` says how it was measured.
    """

    name: str
    ours: float
    unit: str
    target: str = ""
    floor: float | None = None
    ratio: float | None = None
    note: str = ""


def row(name: str, ours: float, unit: str, target: str = "", floor: float | None = None, note: str = "") -> Row:
    """A row with the ratio worked out."""
    return Row(name, ours, unit, target, floor, ours / floor if floor else None, note)


HEADS = ("what", "ours", "floor", "ratio", "unit", "target", "how")


def table(rows: Sequence[Row]) -> str:
    """The rows as plain text in columns, with a head."""
    cells = [HEADS, *(_cells(one) for one in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(HEADS))]
    lines = ["  ".join(_aligned(text, widths[k], k) for k, text in enumerate(line)).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths[:-1]))
    return "\n".join(lines)


def _cells(one: Row) -> tuple[str, ...]:
    return (one.name, number(one.ours), number(one.floor), number(one.ratio), one.unit, one.target, one.note)


def _aligned(text: str, width: int, column: int) -> str:
    return text.rjust(width) if 1 <= column <= 3 else text.ljust(width)


def number(value: float | None) -> str:
    """About three digits that matter."""
    if value is None:
        return "-"
    if value == 0:
        return "0"
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4}f}"
