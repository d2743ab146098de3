"""Recordings that the user has pinned, in pins.toml: they are never pruned.

A recording is known by its id and by the time of its first frame: the files of one recording that was begun anew each
day share the id. So a pin holds for a copy and under another name too, and the recording itself is not changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from crashdesk.config.checks import BadValueError, text, time_ms
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table
from crashdesk.config.toml_rows import Document
from crashdesk.config.user_file import UserFile, unique_rows


class Pin(NamedTuple):
    """One pinned recording; `name` is what its file was called then, for the reader of the file."""

    recording_id: str
    start_ms: int
    name: str = ""


Pins = tuple[Pin, ...]


def load_pins(path: Path) -> tuple[Pins, tuple[Problem, ...]]:
    """The pins in the file, and what is wrong in it."""
    return _FILE.load(path)


def is_pinned(pins: Pins, pin: Pin) -> bool:
    """Whether the recording is among `pins`, by whatever name."""
    return any(_identity(one) == _identity(pin) for one in pins)


def add_pin(path: Path, pin: Pin) -> Pins:
    """Pin a recording; all pins there are then. Raises CrashdeskError."""
    return _FILE.edit(path, lambda pins: pins if is_pinned(pins, pin) else (*pins, pin))


def remove_pin(path: Path, pin: Pin) -> Pins:
    """Take a pin off; all pins there are then. Raises CrashdeskError."""
    return _FILE.edit(path, lambda pins: tuple(one for one in pins if _identity(one) != _identity(pin)))


def _identity(pin: Pin) -> str:
    return f"{pin.recording_id}\n{pin.start_ms}"


def _decode(table: Table) -> Pins:
    return unique_rows(table, "pins", _decode_row, _identity)


def _decode_row(table: Table) -> Pin | None:
    recording_id = table.require("recording", _filled)
    start_ms = table.require("start_ms", time_ms)
    name = table.take("name", text, "")
    return None if recording_id is None or start_ms is None else Pin(recording_id, start_ms, name)


def _filled(value: object) -> str:
    word = text(value)
    if not word:
        raise BadValueError("must not be empty")
    return word


def _encode(pins: Pins) -> Document:
    return {
        "pins": [{"recording": pin.recording_id, "start_ms": pin.start_ms, "name": pin.name} for pin in pins],
    }


_FILE = UserFile(name="pins", decode=_decode, encode=_encode, key=("recording", "start_ms"))
