"""Data on standard output."""

from __future__ import annotations

import io
from typing import TextIO


def utf8(out: TextIO) -> None:
    """What follows is UTF-8 whatever the terminal speaks: that is what JSON is, and what a page says it is."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8")
