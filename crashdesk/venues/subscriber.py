"""What is subscribed on a venue's connections: everything at the start, and contracts that are listed later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from crashdesk.venues.shared import Venue
from crashdesk.venues.subscriptions import Line, Subscription

_NAMED = 3


class Subscriber:
    """Sends a venue's subscriptions over ccxt's connections and knows how many acceptances are due.

    A topic that the venue has refused by name is not asked for again; nor is the steady one once a subscription was
    refused before it ever spoke.
    """

    def __init__(self, venue: Venue, subscription: Subscription) -> None:
        self._venue = venue
        self._subscription = subscription
        self._topics: set[str] = set()
        self._room: dict[Line, list[int]] = {}
        self._refused: set[str] = set()
        self._without_steady = False
        self._contracts: object = None
        self._number = 0
        self.due = 0

    def begin(self) -> list[asyncio.Future[Any]]:
        """Subscribe everything on fresh connections. The futures end only when their connection does."""
        self.due, self._contracts = 0, None
        self._topics.clear()
        self._room = {line: [] for line in self._subscription.lines}
        watches = []
        for line in self._subscription.lines:
            watches += self._ask(line, line.topics)
        watches += self.more()
        for line in self._subscription.lines:
            if not self._without_steady and line.steady not in self._refused:
                addresses = [self._url(line, number) for number in range(len(self._room[line]))]
                watches += [self._send(address, [line.steady]) for address in addresses]
        return watches

    def more(self) -> list[asyncio.Future[Any]]:
        """Subscribe the contracts that the market list has got since; none when it has not grown."""
        contracts = self._venue.watched.listing.contracts
        if not self._subscription.prefix or contracts is self._contracts:
            return []
        self._contracts = contracts
        watches = []
        for line in self._subscription.lines:
            ids = [name for name, contract in contracts.items() if contract.kind is line.kind]
            watches += self._ask(line, [self._subscription.prefix + name for name in ids])
        return watches

    def refused(self, words: str, *, steady_spoke: bool) -> None:
        """The venue has refused with these words: what they name is left out from now on."""
        named = {topic for topic in self._topics if topic in words and topic not in self._refused}
        longest = {topic for topic in named if not any(topic != other and topic in other for other in named)}
        needed = {topic for line in self._subscription.lines for topic in line.topics}
        self._refused |= longest - needed
        if not longest and not steady_spoke:
            self._without_steady = True

    @property
    def detail(self) -> str:
        """What is missing, in a few words; empty when nothing is."""
        prefix = self._subscription.prefix
        names = sorted(topic.removeprefix(prefix) for topic in self._refused if prefix and topic.startswith(prefix))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"not taken: {', '.join(names[:_NAMED])}{more}" if names else ""

    def _ask(self, line: Line, topics: Sequence[str]) -> list[asyncio.Future[Any]]:
        wanted = [topic for topic in topics if topic not in self._topics and topic not in self._refused]
        return [self._send(url, batch) for url, batch in self._batches(line, wanted)]

    def _batches(self, line: Line, topics: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """(address, topics) of the requests, each within what a request and a connection may hold."""
        room, batch = self._room[line], list[str]()
        for topic in topics:
            full = not room or room[-1] < len(topic)
            if batch and (full or len(batch) == self._subscription.batch):
                yield self._url(line, len(room) - 1), batch
                batch = []
            if full:
                room.append(self._subscription.characters)
            room[-1] -= len(topic)
            batch.append(topic)
        if batch:
            yield self._url(line, len(room) - 1), batch

    def _url(self, line: Line, number: int) -> str:
        """ccxt has one connection an address; a fragment, which is never sent, tells further ones apart."""
        url = self._subscription.url(self._venue.exchange, line.kind)
        return url if number == 0 else f"{url}#{number}"

    def _send(self, url: str, topics: list[str]) -> asyncio.Future[Any]:
        self._number += 1
        self._topics.update(topics)
        self.due += len(topics) if self._subscription.answers_each else 1
        name = f"liquidations {self._number}"
        message = self._subscription.message(self._number, topics)
        watch: asyncio.Future[Any] = self._venue.exchange.watch_multiple(
            url, [name], message, [name], {"id": self._number}
        )
        return watch
