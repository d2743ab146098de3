"""Text from outside, made safe to show: no control characters, no terminal escapes, no bidirectional tricks."""

from __future__ import annotations

import unicodedata

_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str, limit: int = 500) -> str:
    """`text` on one line without control, format or unassigned characters, at most `limit` characters long.

    White space is folded to single spaces. Markup is not touched: what draws text must not interpret it.
    """
    head = text[: 4 * limit]
    if head.isascii() and head.isprintable():
        folded = " ".join(head.split())
    else:
        kept = "".join(
            " " if c in "\t\n\r" else c for c in head if c in "\t\n\r" or unicodedata.category(c) not in _DROPPED
        )
        folded = " ".join(kept.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
