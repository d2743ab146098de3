"""Plain ccxt.pro classes that talk to the loopback venues: what a test drives when the product is not the subject."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.loopback.server import LoopbackVenues


@asynccontextmanager
async def client(server: LoopbackVenues, venue: str, **settings: Any) -> AsyncIterator[Any]:
    """The venue's ccxt.pro exchange with all its URLs on the loopback server; closed at the end."""
    import ccxt.pro

    exchange = getattr(ccxt.pro, venue)({"enableRateLimit": False, "timeout": 5000, "timeout_on_exit": 0, **settings})
    exchange.urls["api"] = _moved(exchange.urls["api"], server.api_url(venue), server.ws_url(venue))
    try:
        yield exchange
    finally:
        await exchange.close()


def _moved(node: Any, api_url: str, ws_url: str) -> Any:
    if isinstance(node, dict):
        return {key: _moved(value, api_url, ws_url) for key, value in node.items()}
    parts = urlsplit(node)
    return (ws_url if parts.scheme == "wss" else api_url) + parts.path
