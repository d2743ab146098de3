"""What the venues have in common: replies, sockets, and the way a price or a size is written."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from aiohttp import web

from tests.loopback.coins import Listed
from tests.loopback.forced import Forced
from tests.loopback.market import Market

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """A REST answer. `body` is JSON-able, or text sent as it is."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    @property
    def text(self) -> str:
        """What goes over the wire."""
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


@dataclass(eq=False)
class Socket:
    """A client's WebSocket. `topics`: its accepted subscriptions; `frozen`: sends nothing, not even a pong.

    `stalled`: answers whatever is asked, and tells nothing by itself.
    """

    path: str
    raw: web.WebSocketResponse
    topics: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    frozen: bool = False
    stalled: bool = False

    async def send(self, payload: object) -> bool:
        """Sends text as it is, anything else as JSON. False when the socket is frozen or gone."""
        if self.frozen or self.raw.closed:
            return False
        await self.raw.send_str(payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False))
        return True


class Venue(ABC):
    """One exchange: REST by path and query, and what it says on a socket."""

    name: str

    def __init__(self, market: Market) -> None:
        self.market = market
        self.listed = tuple(self.listing())
        self.by_id = {one.id: one for one in self.listed}

    @abstractmethod
    def listing(self) -> Iterable[Listed]:
        """The venue's markets."""

    @abstractmethod
    def rest(self, path: str, query: Query) -> Reply:
        """Answers a GET; an unknown path is answered as the venue does."""

    @abstractmethod
    def empty(self, path: str) -> object:
        """A well-formed answer with nothing in it."""

    @abstractmethod
    def refusal(self, status: int) -> object:
        """The body the venue sends with 403, 429, 451 and 500; text is a page."""

    async def received(self, socket: Socket, text: str) -> None:
        """A text frame came from the client. A venue without sockets here says nothing."""
        return

    async def push(self, sockets: Iterable[Socket], rows: list[Forced]) -> list[object]:
        """Tells the subscribers of `rows`, in as few messages as the venue would. Returns the payloads, sent or not."""
        raise NotImplementedError(f"{self.name} tells of liquidations by REST only")

    async def pulse(self, sockets: Iterable[Socket]) -> None:
        """What the venue tells every few seconds whatever happens, to those who subscribed it."""
        return

    def find(self, coin: str, kind: str, quote: str, dated: bool = False) -> Listed:
        """The listed market of a coin. Raises KeyError when the venue does not list it."""
        for one in self.listed:
            if (one.coin, one.kind, one.dated) == (coin, kind, dated) and (kind == "inverse" or one.quote == quote):
                return one
        raise KeyError(f"{self.name} lists no {kind} {coin}/{quote}")

    def now(self) -> int:
        """UTC milliseconds."""
        return self.market.clock.now_ms()

    def money(self, coin: str, value: float) -> str:
        """A price with the coin's number of digits."""
        return f"{value:.{self.market.decimals(coin)}f}"


def blocked_page(host: str) -> str:
    """The page that stands before a venue and keeps a country out."""
    words = f"The owner of this website ({host}) has banned the country or region your IP address is in"
    return (
        f"<html><head><title>Access denied | {host}</title></head><body><h1>Error 1009</h1><p>{words}</p></body></html>"
    )


def plain(value: float | Decimal) -> str:
    """A number without exponent and without needless zeros."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def contracts(row: Forced, size: str) -> Decimal:
    """How many contracts of `size` coins (linear) or USD (inverse) a forced order was."""
    return Decimal(str(row.size)) / Decimal(size)
