"""Toasts: what they look like, how many there are, and that nothing is told twice at once."""

from __future__ import annotations

from collections.abc import Sequence

from textual.notifications import Notification

from crashdesk.desk.layout import HIGH

LOW = "low"
"""The class of a screen with few rows: a toast there takes those of its words alone."""
MOST, MOST_LOW = 4, 2
"""How many there are at once, on a screen with few rows too: what is under them is looked at."""

TOASTS = f"""
.plain Toast {{ border-left: ascii $foreground; }}
.{LOW} Toast {{ padding: 0 1; margin-top: 0; }}
"""


def outdated(shown: Sequence[Notification], fresh: Notification, rows: int) -> list[Notification]:
    """Those of `shown`, oldest first, that go when `fresh` comes: the same words, and what is more than enough."""
    same = [note for note in shown if note.message == fresh.message]
    others = [note for note in shown if note.message != fresh.message]
    room = (MOST if rows >= HIGH else MOST_LOW) - 1
    return same + others[: max(0, len(others) - room)]
