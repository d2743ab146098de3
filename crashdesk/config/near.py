"""The nearest known word, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 12


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like `word`, in any case; empty when none is."""
    import difflib

    by_lower = {other.lower(): other for other in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown `word`: the nearest known one, or the known ones when there are few, or nothing."""
    words = sorted(set(known))
    if close := nearest(word, words):
        return f"did you mean {close!r}?"
    return "known: " + ", ".join(words) if 0 < len(words) <= _SHOWN else ""
