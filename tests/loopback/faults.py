"""What can go wrong, on purpose: REST answers that are broken, refused, late or absent, and sockets that fail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import WSCloseCode, web

from tests.loopback.venue import Reply, Socket, Venue

REST_KINDS = frozenset({"html", "null", "nan", "garbage", "empty", "blank", "429", "403", "451", "500", "hang", "drop"})
SOCKET_KINDS = frozenset({"ws_close", "ws_garbage", "ws_binary", "ws_silent", "ws_freeze", "ws_stall", "ws_refuse"})
RETRY_AFTER_SECONDS = 7
_PRICES = {"last", "lastPrice", "markPrice", "indexPrice", "close", "open", "high", "low", "bid", "ask", "openPrice"}
_PRICES |= {"highPrice", "lowPrice", "open24h", "high24h", "low24h", "askPx", "bidPx", "bid1Price", "ask1Price"}
_PRICES |= {"prevPrice24h", "highPrice24h", "lowPrice24h", "fundingRate", "lastFundingRate", "funding_rate", "price"}
_PRICES |= {"oi", "oiCcy", "oiUsd", "openInterest", "c", "o", "h", "l", "a", "b", "p", "amount", "volume", "value"}
_HTML = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"


@dataclass
class Fault:
    """One standing fault; `times` counts down, None stays until cleared. `path` is a part of the path, None any."""

    kind: str
    path: str | None
    times: int | None

    def hits(self, path: str) -> bool:
        """True when it strikes this request, and counts it."""
        if (self.path is not None and self.path not in path) or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


async def answer(fault: Fault, venue: Venue, request: web.Request, good: Reply, closing: asyncio.Event) -> Reply:
    """The answer that the fault makes of a good one. `hang` waits until the server closes."""
    match fault.kind:
        case "html":
            return Reply(_HTML, content_type="text/html")
        case "null":
            return Reply("null")
        case "blank":
            return Reply("")
        case "empty":
            return Reply(venue.empty(request.path))
        case "nan" | "garbage":
            return Reply(_spoiled(good.body, "NaN" if fault.kind == "nan" else "about 5"))
        case "drop":
            if request.transport is not None:
                request.transport.close()
            return Reply("")
        case "hang":
            await closing.wait()
            return Reply("")
    status = int(fault.kind)
    body = venue.refusal(status)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 429 else {}
    return Reply(body, status, headers, "text/html" if isinstance(body, str) else "application/json")


async def strike(kind: str, socket: Socket) -> None:
    """Breaks one open socket."""
    match kind:
        case "ws_close":
            await socket.raw.close(code=WSCloseCode.GOING_AWAY, message=b"maintenance")
        case "ws_garbage":
            await socket.send('{"topic":"allLiquidation.BTCUSDT","data":[{"T":17')
        case "ws_binary":
            if not socket.raw.closed:
                await socket.raw.send_bytes(b"\x1f\x8b\x08\x00\xff\xfe\x00\x01")
        case "ws_silent":
            socket.silent = True
            socket.topics.clear()
        case "ws_freeze":
            socket.frozen = True
        case "ws_stall":
            socket.stalled = True


def _spoiled(body: object, word: str) -> object:
    """The same shape with every price in it replaced; rows of candles lose all but their time."""
    if isinstance(body, dict):
        return {key: _word(value, word) if key in _PRICES else _spoiled(value, word) for key, value in body.items()}
    if isinstance(body, list):
        candle = len(body) >= 6 and all(isinstance(value, str | int | float) for value in body)
        return [body[0], *(word for _ in body[1:])] if candle else [_spoiled(value, word) for value in body]
    return body


def _word(value: object, word: str) -> object:
    if isinstance(value, list):
        return [word for _ in value]
    return word if isinstance(value, str | int | float) else _spoiled(value, word)
