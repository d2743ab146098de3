"""What the web server complains of: a request that failed here is told, one that was no proper request is not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from aiohttp.http_exceptions import HttpProcessingError

from crashdesk.model.text import clean


class Complaints(logging.Handler):
    """One sentence for an error of the program. Whoever reaches the port could fill a screen with the others."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            words = f"{type(error).__name__}: {error}" if error is not None else record.getMessage()
            self._say(f"a request failed, an error of the program: {clean(words, 200)}")


def complaints_log(say: Callable[[str], None]) -> logging.Logger:
    """A log that nobody else writes or reads."""
    log = logging.Logger("crashdesk.browser")
    log.addHandler(Complaints(say))
    return log


def complain_once(say: Callable[[str], None]) -> Callable[[asyncio.AbstractEventLoop, Mapping[str, object]], None]:
    """For an event loop: each kind of complaint in one sentence, the first time.

    Out of files, a loop complains of every connection that waits: thousands of lines in a second.
    """
    told: set[str] = set()

    def complain(_: asyncio.AbstractEventLoop, about: Mapping[str, object]) -> None:
        message, error = str(about.get("message", "")), about.get("exception")
        if message in told:
            return
        told.add(message)
        if isinstance(error, OSError):
            words = f"{message}: {(error.strerror or str(error)).lower()}"
        else:
            words = f"{message}: {type(error).__name__}: {error}" if error is not None else message
        say(clean(words, 200))

    return complain
