"""Problems as sentences for a screen."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.config.settings import Problem

MOST_TOLD = 5


def told(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Each once, at most `MOST_TOLD` sentences: a file with a thousand mistakes must not fill the screen with them."""
    texts = tuple(dict.fromkeys(map(str, problems)))
    if len(texts) <= MOST_TOLD:
        return texts
    more = len(texts) - MOST_TOLD + 1
    return *texts[: MOST_TOLD - 1], f"{more} more mistakes: `crashdesk config check` shows them"
