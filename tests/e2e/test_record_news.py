"""News of a feed comes into the recording once, whatever becomes of the recorder."""

from __future__ import annotations

from email.utils import formatdate
from functools import partial
from pathlib import Path

from aiohttp import web

from crashdesk.model.records import EventKind, Note, Precision
from crashdesk.session.state import MarketState
from tests.e2e.recorder import recording, until
from tests.loopback import LoopbackVenues

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>wire</title><item><title>Balancer exploited</title>
<link>https://news.example/balancer</link><pubDate>{date}</pubDate></item></channel></rss>"""


async def test_a_title_is_recorded_once_and_a_feed_that_fails_is_told_of(tmp_path: Path) -> None:
    async def feed(request: web.Request) -> web.Response:
        if request.path == "/broken":
            raise web.HTTPServiceUnavailable
        return web.Response(text=FEED.format(date=formatdate(usegmt=True)), content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/{page}", feed)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with LoopbackVenues(venues=("okx",)) as server:
            config, out = tmp_path / "config.toml", tmp_path / "x.crash"
            config.write_text(
                f'{server.config_toml(symbols=["BTC/USDT"])}\n[news]\nfeeds = ["{here}/feed", "{here}/broken"]\n'
            )
            notes: list[tuple[Note, ...]] = []
            for times in (1, 2):
                async with recording(config, out) as player:
                    await until(player, partial(_told, times=times))
                    notes.append(player.state.recorded_notes())
    finally:
        await runner.cleanup()
    assert notes[0] == notes[1]
    assert [(note.kind, note.text, note.url, note.source, note.precision) for note in notes[0]] == [
        ("news", "Balancer exploited", "https://news.example/balancer", "news.example", Precision.MINUTE)
    ]


def _told(state: MarketState, times: int) -> bool:
    """Whether the broken feed was told of so often: the other one, asked before it, has been read by then."""
    found = [event for event in state.events.values() if event.kind is EventKind.WORKER]
    return sum("answers HTTP 503" in event.text for event in found) == times
