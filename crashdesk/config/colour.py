"""Colours of themes: how they are written, and how well one is read on another."""

from __future__ import annotations

import re

from crashdesk.config.checks import BadValueError, shown, text
from crashdesk.config.near import did_you_mean

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

ANSI_NAMES = ("ansi_default", *(f"ansi_{hue}" for hue in _HUES), *(f"ansi_bright_{hue}" for hue in _HUES))
"""The terminal's own sixteen colours and its default."""


def colour(value: object) -> str:
    """A colour as `#rrggbb` or one of `ANSI_NAMES`. Raises BadValueError for anything else."""
    word = text(value).lower()
    if word in ANSI_NAMES:
        return word
    if not _HEX.fullmatch(word):
        named = f"ansi_{word}" if f"ansi_{word}" in ANSI_NAMES else word
        near = did_you_mean(named, ANSI_NAMES) if named.startswith("ansi") else ""
        raise BadValueError(f"no colour: {shown(word)}", near or "write #rrggbb or an ANSI name such as ansi_red")
    return word if len(word) == 7 else "#" + "".join(2 * digit for digit in word[1:])


def luminance(rgb: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(int(rgb[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float | None:
    """WCAG 2.2 contrast ratio, 1 to 21; None when a colour is the terminal's own and so unknown."""
    if not (one.startswith("#") and other.startswith("#")):
        return None
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
