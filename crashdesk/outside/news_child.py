"""Asks the RSS or Atom feed whose address comes on standard input, and prints what is in it.

A process of its own, with limits on time, memory and size: what a server sends can't hurt the recorder. One line of
JSON comes out: `{"items": [...]}` or `{"error": "one sentence"}`.
"""

from __future__ import annotations

import calendar
import contextlib
import html
import http.client
import io
import json
import re
import resource
import signal
import sys
import zlib
from collections.abc import Mapping
from time import struct_time
from typing import Any
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from crashdesk import __version__
from crashdesk.model.text import clean

MAX_BYTES = 2_000_000
MAX_ITEMS = 200
MAX_TITLE = 300
MAX_LINK = 500
SOCKET_S = 10
WHOLE_S = 25
_CPU_S = 10
_MOST_MARKUP = 10_000
_MEMORY = 1 << 30
_SCHEMES = ("http", "https")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_HEADERS = {
    "User-Agent": f"crashdesk/{__version__}",
    "Accept": "application/rss+xml, application/atom+xml, application/xml, text/xml",
}

Item = dict[str, str | int | None]


class FeedError(Exception):
    """Why a feed gave nothing, in a few words."""


class _Redirects(request.HTTPRedirectHandler):
    """Follows to web addresses alone: what else urllib would follow to has no handler here."""

    max_redirections = 5


def fetch(url: str) -> tuple[bytes, dict[str, str]]:
    """The body of a feed, at most `MAX_BYTES`, and what its parser wants of the headers. Raises FeedError."""
    if urlsplit(url).scheme not in _SCHEMES:
        raise FeedError("no web address")
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(request.Request(url, headers=_HEADERS), timeout=SOCKET_S) as answer:  # noqa: S310 - checked above
            body = answer.read(MAX_BYTES + 1)
            headers = {"content-type": answer.headers.get("content-type", ""), "content-location": answer.url}
            packed = answer.headers.get("content-encoding", "").lower() == "gzip"
    except HTTPError as error:
        moved = 300 <= error.code < 400
        raise FeedError("redirects to where it can't be followed" if moved else f"answers HTTP {error.code}") from None
    except TimeoutError:
        raise FeedError("does not answer in time") from None
    except URLError as error:
        raise FeedError(_reason(error.reason)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FeedError(_reason(error)) from None
    return _plain(body, packed=packed), headers


def items_of(body: bytes, headers: Mapping[str, str]) -> list[Item]:
    """Title, link, id and time (UTC ms) of the entries that have a title. Raises FeedError."""
    try:
        import feedparser
    except ImportError:
        raise FeedError("feedparser is not installed: pip install 'crashdesk[news]'") from None
    # a stream, never the bytes themselves: those would be taken for a file's name
    found = feedparser.parse(io.BytesIO(body), response_headers=dict(headers), sanitize_html=False)
    if not found.entries and not found.get("version"):
        raise FeedError("no RSS or Atom in it")
    made = (_item(entry) for entry in found.entries[:MAX_ITEMS])
    return [item for item in made if item["title"]]


def _plain(body: bytes, *, packed: bool) -> bytes:
    if packed:
        try:
            body = zlib.decompressobj(31).decompress(body, MAX_BYTES + 1)
        except zlib.error:
            raise FeedError("sends what cannot be unpacked") from None
    if len(body) > MAX_BYTES:
        raise FeedError(f"is larger than {MAX_BYTES // 1_000_000} MB")
    return body


def _item(entry: Mapping[str, Any]) -> Item:
    link = str(entry.get("link") or "").partition("#")[0]
    usable = len(link) <= MAX_LINK and clean(link, MAX_LINK) == link and _is_web(link)
    return {
        "title": clean(html.unescape(_TAG.sub(" ", str(entry.get("title") or "")[:_MOST_MARKUP])), MAX_TITLE),
        "link": link if usable else None,
        "id": clean(str(entry.get("id") or ""), MAX_LINK),
        "at_ms": _ms(entry.get("published_parsed") or entry.get("updated_parsed")),
    }


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname)


def _ms(moment: struct_time | None) -> int | None:
    if moment is None:
        return None
    try:
        found = calendar.timegm(moment) * 1000
    except (ValueError, OverflowError):
        return None
    return found if found > 0 else None


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "does not answer in time"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return clean(text.lower(), 100) or type(error).__name__


def main() -> None:
    """Ask the feed. Its address may hold a key: a command line could be read by every user of the machine."""
    signal.alarm(WHOLE_S)
    for limit, most in ((resource.RLIMIT_CPU, _CPU_S), (resource.RLIMIT_AS, _MEMORY)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    answer: dict[str, object]
    try:
        answer = {"items": items_of(*fetch(sys.stdin.readline().strip()))}
    except FeedError as error:
        answer = {"error": str(error)}
    except (MemoryError, RecursionError):
        answer = {"error": "holds more than can be read"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
