"""Damage of a recording in words: which bytes, between which times, how much in all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from crashdesk.model.times import format_utc
from crashdesk.recording.play import Damage


def extent(damage: Damage) -> str:
    """One damaged place: its bytes, and the times of the frames around it as far as they are known."""
    size = damage.end_offset - damage.start_offset
    said = f"bytes {damage.start_offset:,} to {damage.end_offset:,} ({size:,}): {damage.reason}"
    if damage.to_ms is None:
        return said
    until = format_utc(damage.to_ms)
    return f"{said}, before {until}" if damage.from_ms is None else f"{said}, {format_utc(damage.from_ms)} to {until}"


def passed_over(path: Path, damages: Sequence[Damage]) -> str:
    """What is said of a recording whose damage was met while it was read."""
    places = "1 damaged place was" if len(damages) == 1 else f"{len(damages):,} damaged places were"
    return f"{path}: {places} passed over; `crashdesk doctor {quote(str(path))}` says which"


def in_all(damages: Sequence[Damage], size: int) -> str:
    """How many places and bytes of a file of `size` bytes are lost, and what the places span in time."""
    lost = sum(damage.end_offset - damage.start_offset for damage in damages)
    spans = [
        damage.to_ms - damage.from_ms for damage in damages if damage.to_ms is not None and damage.from_ms is not None
    ]
    places = "1 place" if len(damages) == 1 else f"{len(damages):,} places"
    said = f"{places}, {lost:,} bytes of {size:,} ({100 * lost / max(1, size):.2f} %)"
    return f"{said}, {sum(spans) / 1000:,.1f} s" if spans else said
