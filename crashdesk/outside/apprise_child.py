"""Sends what comes on standard input, as JSON, to chat services by apprise, and prints what became of it.

A process of its own: apprise is not small, a service may be slow, and an address is a secret that a command line would
show to every user of the machine. In: `{"jobs": [[address, title, body], ...]}`. Out: one line, `{"reasons": [...]}`,
an empty reason for each that was taken, or `{"error": "one sentence"}` for all.
"""

from __future__ import annotations

import json
import logging
import re
import signal
import sys
import threading
import time
from collections.abc import Sequence
from urllib.parse import unquote

from crashdesk.model.text import clean

EACH_S = 20.0
WHOLE_S = 25
_SHORTEST = 3
"""Parts of an address that are shorter give nothing away, and words would be full of them."""
_PARTS = re.compile(r"[/:@?&=#,+]+")
_LOGGER = "apprise"

Job = tuple[str, str, str]


class _Heard(logging.Handler):
    """What apprise complained of; it does so on threads of its own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.words.append(record.getMessage())

    def about(self, service: str) -> str:
        """The last complaint that names a service."""
        return next((words for words in reversed(self.words) if service.lower() in words.lower()), "")


def send_all(jobs: Sequence[Job], each_s: float = EACH_S) -> list[str]:
    """Send each, all of them at once; why it failed, or nothing, in their order. Raises ImportError."""
    import apprise  # noqa: F401 - not installed: told for all of them

    heard = _Heard()
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(heard)
    logger.propagate = False
    reasons = ["does not answer in time"] * len(jobs)

    def work(place: int) -> None:
        reasons[place] = _send(jobs[place], heard)

    threads = [threading.Thread(target=work, args=(place,), daemon=True) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    end_s = time.monotonic() + each_s
    for thread in threads:
        thread.join(max(0.0, end_s - time.monotonic()))
    return [without_secrets(reason, [url for url, _, _ in jobs]) for reason in reasons]


def _send(job: Job, heard: _Heard) -> str:
    from apprise import Apprise, NotifyFormat

    url, title, body = job
    try:
        service = Apprise()
        if not service.add(url):
            return "apprise knows no such service, or the address is not whole"
        if service.notify(body=body, title=title, body_format=NotifyFormat.TEXT):
            return ""
        return heard.about(str(service[0].service_name)) or "was not taken"
    except Exception as error:  # noqa: BLE001 - the border to code of many hands: one service must not spoil the others
        return f"{type(error).__name__}: {error}"


def without_secrets(text: str, urls: Sequence[str]) -> str:
    """A complaint without any part of the addresses."""
    wholes = [url.partition("://")[2] for url in urls]
    parts = {part for whole in wholes for form in (whole, unquote(whole)) for part in _PARTS.split(form)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST:
            text = re.sub("".join(map(_written, part)), "****", text, flags=re.IGNORECASE)
    return clean(text, 150)


def _written(sign: str) -> str:
    """A sign as it may be written in an address: a pattern."""
    ways = [sign, "".join(f"%{byte:02x}" for byte in sign.encode("utf-8", "replace")), *("+" if sign == " " else "")]
    return f"(?:{'|'.join(map(re.escape, ways))})"


def main() -> None:
    """Read, send, print."""
    signal.alarm(WHOLE_S)
    answer: dict[str, object]
    try:
        answer = {"reasons": send_all([(url, title, body) for url, title, body in json.load(sys.stdin)["jobs"]])}
    except ImportError:
        answer = {"error": "apprise is not installed: pip install 'crashdesk[notify]'"}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
