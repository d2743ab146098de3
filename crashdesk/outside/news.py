"""Titles of news from RSS and Atom feeds, as notes for the recording."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from crashdesk.config.settings import NewsSettings
from crashdesk.model.note import NoteKind
from crashdesk.model.ports import Clock
from crashdesk.model.records import Event, EventKind, Note, Precision, Record
from crashdesk.model.text import clean
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.outside.own_module import own_module

ASK_S = 30.0
"""A feed that takes longer, with everything, is given up."""
OLDEST_MS = DAY_MS
_FORGET_MS = 7 * DAY_MS
_MOST_OUTPUT = 1_000_000
_FIRST_S = 3.0

Put = Callable[[Sequence[Record]], None]


class FeedItem(NamedTuple):
    """An entry of a feed; `at_ms` (UTC) is its own time, None when it tells none."""

    title: str
    link: str | None
    id: str
    at_ms: int | None


class NewsError(Exception):
    """Why a feed gave nothing, in a few words."""


Ask = Callable[[str], Awaitable[Sequence[FeedItem]]]


async def ask_feed(url: str, limit_s: float = ASK_S) -> Sequence[FeedItem]:
    """What a feed holds, read by a short-lived process. Raises NewsError; the process never outlives the call."""
    process = await asyncio.create_subprocess_exec(
        *own_module("crashdesk.outside.news_child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_MOST_OUTPUT,
    )
    try:
        async with asyncio.timeout(limit_s):
            printed, _ = await process.communicate(f"{url}\n".encode())
    except TimeoutError:
        raise NewsError("does not answer in time") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return _items(printed)


def _items(printed: bytes) -> Sequence[FeedItem]:
    try:
        answer = json.loads(printed)
        if "error" in answer:
            raise NewsError(clean(answer["error"], 150))
        return [FeedItem(row["title"], row["link"], row["id"], row["at_ms"]) for row in answer["items"]]
    except (ValueError, TypeError, KeyError):
        raise NewsError("takes too long or too much to read") from None


class NewsPoll:
    """Asks every feed in turn, for ever. What is new and younger than a day becomes a note of kind news."""

    def __init__(
        self,
        settings: NewsSettings,
        clock: Clock,
        seen: Iterable[str] = (),
        ask: Ask = ask_feed,
        first_s: float = _FIRST_S,
    ) -> None:
        """`seen` are ids of news in the recording already. The first poll waits `first_s`: prices come first."""
        self._settings = settings
        self._clock = clock
        self._seen = dict.fromkeys(seen, clock.now_ms())
        self._ask = ask
        self._first_s = first_s
        self._failing: set[str] = set()
        self._asked: set[str] = set()

    async def run(self, put: Put) -> None:
        """Ask until cancelled; `put` gets notes, and an event when a feed begins or ceases to fail."""
        await asyncio.sleep(self._first_s)
        while True:
            for url in self._settings.feeds:
                await self.poll(url, put)
            await asyncio.sleep(self._settings.poll_minutes * MINUTE_MS / 1000)

    async def poll(self, url: str, put: Put) -> None:
        """Ask one feed; whatever goes wrong is told once and not raised."""
        try:
            notes = self._fresh(url, await self._ask(url))
        except NewsError as error:
            self._failed(url, str(error), put)
            return
        except Exception as error:  # noqa: BLE001 - the supervised border: news must not end the recorder
            self._failed(url, clean(f"{type(error).__name__}: {error}", 150), put)
            return
        if url in self._failing:
            self._failing.discard(url)
            self._tell(f"news: {_name(url)} answers again", put)
        self._asked.add(url)
        if notes:
            put(notes)

    def _fresh(self, url: str, items: Sequence[FeedItem]) -> list[Note]:
        """New notes, oldest first. An entry without a time is new when the feed did not hold it before."""
        now, first = self._clock.now_ms(), url not in self._asked
        self._seen = {key: at_ms for key, at_ms in self._seen.items() if now - at_ms < _FORGET_MS}
        fresh = []
        for item in items:
            key = news_id(item)
            known = key in self._seen
            self._seen[key] = now
            at_ms = min(now, item.at_ms) if item.at_ms is not None else now
            history = first and item.at_ms is None
            if not known and not history and now - at_ms < OLDEST_MS:
                source = _name(item.link or url)
                kind = NoteKind.NEWS.value
                fresh.append(Note(key, at_ms, Precision.MINUTE, kind, item.title, source, item.link))
        return sorted(fresh, key=lambda note: (note.ts_ms, note.id))

    def _failed(self, url: str, reason: str, put: Put) -> None:
        if url not in self._failing:
            self._failing.add(url)
            every = f"{self._settings.poll_minutes:g} min"
            self._tell(f"news: {_name(url)}: {reason}; it is asked again every {every}", put)

    def _tell(self, text: str, put: Put) -> None:
        now = self._clock.now_ms()
        put([Event(EventKind.WORKER, now, now, text)])


def news_id(item: FeedItem) -> str:
    """The id of an item's note: one link is one note, whichever feeds carry it."""
    return "news:" + sha256((item.link or item.id or item.title).encode()).hexdigest()[:12]


def _name(url: str) -> str:
    return clean(urlsplit(url).hostname or "a feed", 60).removeprefix("www.")
