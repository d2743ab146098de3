"""The nearest known word, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 12


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown `word`: the nearest known one, or the known ones when there are few, or nothing."""
    import difflib

    words = sorted(set(known))
    by_lower = {other.lower(): other for other in words}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_lower[close[0]]!r}?"
    return "known: " + ", ".join(words) if 0 < len(words) <= _SHOWN else ""
