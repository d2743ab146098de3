"""News from feeds: real requests to a server of this machine, good ones and hostile ones."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from crashdesk.config.load import load_settings
from crashdesk.config.settings import NewsSettings
from crashdesk.model.records import Event, Note, Precision, Record
from crashdesk.model.timeframe import DAY_MS, HOUR_MS
from crashdesk.outside.news import FeedItem, NewsError, NewsPoll, ask_feed, news_id
from tests.conftest import FixedClock

NOW = 1_762_225_964_000
Handler = Callable[[web.Request], web.StreamResponse]


def _date(ms: int) -> str:
    return format_datetime(datetime.fromtimestamp(ms / 1000, UTC))


RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>A wire</title>
<item><title>Balancer &lt;b&gt;exploited&lt;/b&gt; &amp;amp; drained</title><link>https://example.org/balancer#top</link>
<guid>g1</guid><pubDate>{_date(NOW - HOUR_MS)}</pubDate><description>&lt;script&gt;x&lt;/script&gt;</description></item>
<item><title>Two \u200b lines\u202e of</title><link>javascript:alert(1)</link><guid>g2</guid>
<pubDate>{_date(NOW - 2 * HOUR_MS)}</pubDate></item>
<item><title></title><link>https://example.org/none</link></item>
<item><title>Old</title><link>https://example.org/old</link><pubDate>{_date(NOW - 3 * DAY_MS)}</pubDate></item>
<item><title>Undated</title><link>https://example.org/undated</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>B</title><id>b</id>
<entry><title>Fed: no cut</title><id>tag:b,1</id><link href="https://example.org/fed"/>
<updated>2025-11-04T02:30:00Z</updated></entry>
<entry><title>Balancer again</title><id>tag:b,2</id><link href="https://example.org/balancer"/>
<updated>2025-11-04T02:00:00Z</updated></entry></feed>"""
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 64}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + '<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&i; &x;</title>'
    "<link>https://example.org/bomb</link></item></channel></rss>"
)


def _xml(text: str) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(body=text.encode(), content_type="application/rss+xml")


@asynccontextmanager
async def _served(**pages: Callable[[web.Request], object]) -> AsyncIterator[Callable[[str], str]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        made = pages[request.match_info["page"]](request)
        found = await made if asyncio.iscoroutine(made) else made
        assert isinstance(found, web.StreamResponse)
        return found

    app = web.Application()
    app.router.add_get("/{page}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield lambda page: f"http://127.0.0.1:{port}/{page}"
    finally:
        await runner.cleanup()


async def test_titles_links_and_times_of_rss_and_atom() -> None:
    async with _served(rss=_xml(RSS), atom=_xml(ATOM)) as url:
        rss, atom = await ask_feed(url("rss")), await ask_feed(url("atom"))
    assert [(item.title, item.link, item.at_ms) for item in rss] == [
        ("Balancer exploited & drained", "https://example.org/balancer", (NOW - HOUR_MS) // 1000 * 1000),
        ("Two lines of", None, (NOW - 2 * HOUR_MS) // 1000 * 1000),
        ("Old", "https://example.org/old", (NOW - 3 * DAY_MS) // 1000 * 1000),
        ("Undated", "https://example.org/undated", None),
    ]
    assert rss[1].id
    assert [(item.title, item.link) for item in atom] == [
        ("Fed: no cut", "https://example.org/fed"),
        ("Balancer again", "https://example.org/balancer"),
    ]
    assert atom[0].at_ms == int(datetime(2025, 11, 4, 2, 30, tzinfo=UTC).timestamp() * 1000)


async def test_a_feed_may_come_packed_and_by_a_redirect() -> None:
    def packed(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(ATOM.encode()), headers={"Content-Encoding": "gzip"})

    def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/packed"})

    async with _served(packed=packed, elsewhere=elsewhere) as url:
        assert len(await ask_feed(url("elsewhere"))) == 2


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b" " * 65_536)
    except ConnectionError:
        return answer


async def _drip(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0.05)
    except ConnectionError:
        return answer


def _to(place: str) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=302, headers={"Location": place})


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("gone", "answers HTTP 404"),
        ("html", "no RSS or Atom in it"),
        ("empty", "no RSS or Atom in it"),
        ("file", "redirects to where"),
        ("data", "redirects to where"),
        ("round", "redirects to where"),
        ("endless", "is larger than 2 MB"),
        ("zipbomb", "is larger than 2 MB"),
        ("garbled", "sends what cannot be unpacked"),
    ],
)
async def test_what_a_server_does_wrong_is_one_sentence(page: str, reason: str) -> None:
    packed = {"Content-Encoding": "gzip"}
    async with _served(
        gone=lambda _: web.Response(status=404),
        html=lambda _: web.Response(text="<html><body>hello</body></html>"),
        empty=lambda _: web.Response(text=""),
        file=_to("file:///etc/passwd"),
        data=_to("data:text/xml,<rss/>"),
        round=_to("/round"),
        endless=_endless,
        zipbomb=lambda _: web.Response(body=gzip.compress(bytes(50_000_000)), headers=packed),
        garbled=lambda _: web.Response(body=b"not gzip", headers=packed),
    ) as url:
        with pytest.raises(NewsError, match=reason):
            await ask_feed(url(page))


async def test_entities_that_grow_and_name_files_give_nothing() -> None:
    async with _served(bomb=_xml(BOMB)) as url:
        try:
            items = await ask_feed(url("bomb"))
        except NewsError:
            return
    assert all(len(item.title) <= 300 and "root:" not in item.title for item in items)


@pytest.mark.parametrize("link", ["http://[::1", "https://exa\u2100mple.org/a", "https://"])
async def test_a_link_that_is_no_address_costs_the_link_alone(link: str) -> None:
    text = f'<rss version="2.0"><channel><item><title>T</title><link>{link}</link><guid>g</guid></item></channel></rss>'
    async with _served(rss=_xml(text)) as url:
        assert [(item.title, item.link) for item in await ask_feed(url("rss"))] == [("T", None)]


async def test_half_a_character_in_a_feed_is_left_out() -> None:
    text = "<rss version='2.0'><channel><item><title>T&#xD800;</title><guid>g&#xD800;h</guid></item></channel></rss>"
    async with _served(rss=_xml(text)) as url:
        feeds = _Feeds([])
        poll = NewsPoll(NewsSettings((url("rss"),), 5), FixedClock(NOW))
        await poll.poll(url("rss"), feeds.take)
    assert all("T" not in record.text for record in feeds.put if isinstance(record, Note))


async def test_a_server_that_drips_is_given_up() -> None:
    async with _served(drip=_drip) as url:
        with pytest.raises(NewsError, match="does not answer in time"):
            await ask_feed(url("drip"), limit_s=2.0)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "/etc/passwd", "http://127.0.0.1:1/"])
async def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(NewsError):
        await ask_feed(url)


class _Feeds:
    """Answers by hand, one list a call."""

    def __init__(self, *answers: Sequence[FeedItem] | Exception) -> None:
        self._answers = list(answers)
        self.put: list[Record] = []

    async def ask(self, _: str) -> Sequence[FeedItem]:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def take(self, records: Sequence[Record]) -> None:
        self.put += records


A = FeedItem("A", "https://www.example.org/a", "1", NOW - HOUR_MS)
B = FeedItem("B", None, "2", None)
URL = "https://wire.example/feed?key=secret"


async def _polled(feeds: _Feeds, rounds: int, seen: Sequence[str] = (), clock: FixedClock | None = None) -> NewsPoll:
    poll = NewsPoll(NewsSettings((URL,), 5), clock or FixedClock(NOW), seen, feeds.ask)
    for _ in range(rounds):
        await poll.poll(URL, feeds.take)
    return poll


async def test_what_is_new_becomes_a_note_with_its_own_time() -> None:
    old, ahead = (
        A._replace(link="https://x.org/o", at_ms=NOW - DAY_MS),
        A._replace(link="https://x.org/f", at_ms=NOW + 1),
    )
    feeds = _Feeds([ahead, A, old], [A, ahead])
    await _polled(feeds, 2)
    assert feeds.put == [
        Note(news_id(A), A.at_ms or 0, Precision.MINUTE, "news", "A", "example.org", A.link),
        Note(news_id(ahead), NOW, Precision.MINUTE, "news", "A", "x.org", ahead.link),
    ]


async def test_one_link_is_one_note_whoever_carries_it_and_when() -> None:
    feeds = _Feeds([A, A._replace(id="other", title="A, again")], [A])
    await _polled(feeds, 2)
    assert len(feeds.put) == 1
    again = _Feeds([A])
    await _polled(again, 1, seen=[news_id(A)])
    assert again.put == []


async def test_an_entry_without_a_time_is_new_when_it_was_not_there_before() -> None:
    feeds = _Feeds([B], [B, B._replace(id="3", title="C")])
    await _polled(feeds, 2)
    assert [(note.text, note.ts_ms, note.source) for note in feeds.put if isinstance(note, Note)] == [
        ("C", NOW, "wire.example")
    ]


async def test_a_failure_is_told_once_and_its_end_too() -> None:
    feeds = _Feeds(NewsError("answers HTTP 500"), NewsError("answers HTTP 500"), ValueError("x"), [A], NewsError("y"))
    await _polled(feeds, 5)
    assert [record.text for record in feeds.put if isinstance(record, Event)] == [
        "news: wire.example: answers HTTP 500; it is asked again every 5 min",
        "news: wire.example answers again",
        "news: wire.example: y; it is asked again every 5 min",
    ]
    assert all("secret" not in record.text for record in feeds.put if isinstance(record, Event | Note))


async def test_an_entry_that_cannot_be_a_note_ends_nothing() -> None:
    feeds = _Feeds([A._replace(link="http://[::1"), A._replace(id="\ud800", link=None)], [A])
    await _polled(feeds, 2)
    assert [record.text for record in feeds.put if isinstance(record, Note)][-1] == "A"


async def test_what_was_seen_is_forgotten_after_a_week() -> None:
    clock = FixedClock(NOW)
    feeds = _Feeds([A], [])
    poll = await _polled(feeds, 1, clock=clock)
    clock.ms += 8 * DAY_MS
    await poll.poll(URL, feeds.take)
    assert poll._seen == {}


async def test_it_asks_until_it_is_cancelled() -> None:
    asked = asyncio.Event()

    async def ask(_: str) -> Sequence[FeedItem]:
        asked.set()
        return ()

    poll = NewsPoll(NewsSettings((URL,)), FixedClock(NOW), ask=ask, first_s=0)
    task = asyncio.create_task(poll.run(lambda _: None))
    async with asyncio.timeout(10):
        await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('feeds = ["file:///etc/passwd"]', "news.feeds"),
        ('feeds = "https://x.org"', "news.feeds"),
        ("poll_minutes = 0", "news.poll_minutes"),
        ("feed = []", "news.feed"),
    ],
)
def test_mistakes_in_the_settings_are_named(tmp_path: Path, written: str, key: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[news]\n{written}\n")
    settings, problems = load_settings(config, {})
    assert [problem.key for problem in problems] == [key]
    assert settings.news.feeds == ()


def test_the_settings_are_read(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[news]\nfeeds = ["https://x.org/rss?a=1", "https://x.org/rss?a=1"]\npoll_minutes = 5\n')
    settings, problems = load_settings(config, {})
    assert problems == ()
    assert settings.news == NewsSettings(("https://x.org/rss?a=1",), 5)
