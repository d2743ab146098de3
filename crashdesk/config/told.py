"""Problems as sentences for a screen."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.config.settings import Problem

MOST_TOLD = 5
CHECK = "crashdesk config check"


def told(problems: Iterable[Problem], check: str = CHECK) -> tuple[str, ...]:
    """Each once, at most `MOST_TOLD` sentences: a file with a thousand mistakes must not fill the screen with them.

    `check` is the command that names all of them.
    """
    texts = tuple(dict.fromkeys(map(str, problems)))
    if len(texts) <= MOST_TOLD:
        return texts
    more = len(texts) - MOST_TOLD + 1
    return *texts[: MOST_TOLD - 1], f"{more} more mistakes: `{check}` shows them"
