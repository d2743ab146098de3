"""Fuzzy matching of short names."""

from __future__ import annotations


def fuzzy(query: str, text: str) -> int | None:
    """How badly `query` fits into `text`, its letters in order, ignoring case; None when it doesn't. 0 is the best.

    Letters that stand apart and a late start cost one each; so `bt` finds BTC before BNT.
    """
    wanted, word = query.casefold().replace(" ", ""), text.casefold()
    place = first = -1
    apart = 0
    for letter in wanted:
        found = word.find(letter, place + 1)
        if found < 0:
            return None
        if first < 0:
            first = found
        else:
            apart += found - place - 1
        place = found
    return max(first, 0) + apart
