"""Funding rates and open interest of one venue's perpetuals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from crashdesk.model.records import Feed, PerpStats
from crashdesk.model.words import coin_of
from crashdesk.venues.capabilities import Reach
from crashdesk.venues.dialects import Params
from crashdesk.venues.errors import BadDataError
from crashdesk.venues.polling import Poller
from crashdesk.venues.quotes import number
from crashdesk.venues.shared import Shared, Venue

_MOST_RATE = 1.0
_MOST_USD = 1e13
_AGAIN_MS = 180_000
_NOTHING = "no perpetual is watched"


class PerpBook:
    """Writes the figures that polls bring; a `PerpStats` holds what one poll saw, None is nothing new.

    A figure is written when it has changed, and again every three minutes while it is still seen: an old time means
    that its feed is dead.
    """

    def __init__(self, venue: Venue, shared: Shared) -> None:
        self._venue = venue
        self._shared = shared
        self._rates: dict[str, tuple[int, float]] = {}
        self._interest: dict[str, tuple[int, float]] = {}

    def update(self, rates: Mapping[str, float], interest: Mapping[str, float]) -> None:
        """Write what a poll has seen, as far as it is news."""
        now = self._shared.clock.now_ms()
        news = dict.fromkeys([*_news(rates, self._rates, now), *_news(interest, self._interest, now)])
        name = self._venue.name
        self._shared.outbox.put([PerpStats(name, one, now, rates.get(one), interest.get(one)) for one in news])
        for figures, written in ((rates, self._rates), (interest, self._interest)):
            written.update({symbol: (now, figures[symbol]) for symbol in news if symbol in figures})


class FundingFeed:
    """Funding rates; on venues that tell both at once, open interest too."""

    def __init__(self, venue: Venue, shared: Shared, book: PerpBook) -> None:
        self._venue = venue
        self._shared = shared
        self._book = book
        self._health = shared.health.feed(venue.name, Feed.FUNDING)
        self.poller = Poller(self._health, shared.outbox, shared.pace, shared.jitter, limit_s=shared.pace.poll_limit)

    async def run(self) -> None:
        """Poll until cancelled."""
        await self.poller.run(self._poll)

    async def _poll(self) -> tuple[float, str]:
        exchange, dialect = self._venue.exchange, self._venue.dialect
        reach = self._venue.capability.funding
        rows = await _ask(
            self._venue,
            self._shared,
            reach,
            exchange.fetch_funding_rates,
            exchange.fetch_funding_rate,
            dialect.funding_params,
        )
        if rows is None:
            return self._shared.pace.perps, _NOTHING
        rates = _figures(rows, lambda row: row.get("fundingRate"), -_MOST_RATE, _MOST_RATE)
        interest: dict[str, float] = {}
        if dialect.interest_field is not None:
            field = dialect.interest_field
            interest = _figures(rows, lambda row: _info(row).get(field), 0.0, _MOST_USD)
            if interest:
                self._shared.health.feed(self._venue.name, Feed.OPEN_INTEREST).well()
        if not rates:
            raise BadDataError("no usable funding rate in it")
        self._book.update(rates, interest)
        return self._shared.pace.perps, ""


class InterestFeed:
    """Open interest in USD."""

    def __init__(self, venue: Venue, shared: Shared, book: PerpBook, last_price: Callable[[str], float | None]) -> None:
        self._venue = venue
        self._shared = shared
        self._book = book
        self._last_price = last_price
        self._health = shared.health.feed(venue.name, Feed.OPEN_INTEREST)
        self.poller = Poller(self._health, shared.outbox, shared.pace, shared.jitter, limit_s=shared.pace.poll_limit)

    async def run(self) -> None:
        """Poll until cancelled."""
        await self.poller.run(self._poll)

    async def _poll(self) -> tuple[float, str]:
        exchange, reach = self._venue.exchange, self._venue.capability.open_interest
        rows = await _ask(
            self._venue, self._shared, reach, exchange.fetch_open_interests, exchange.fetch_open_interest, {}
        )
        if rows is None:
            return self._shared.pace.perps, _NOTHING
        interest = {symbol: usd for symbol, row in rows.items() if (usd := self._usd(symbol, row)) is not None}
        if not interest:
            raise BadDataError("no usable open interest in it")
        self._book.update({}, interest)
        return self._shared.pace.perps, ""

    def _usd(self, symbol: str, row: Mapping[str, object]) -> float | None:
        """The venue's own value in USD, else contracts × their size × the last price (linear contracts)."""
        value = number(row.get("openInterestValue"))
        if value is None:
            amount, price = number(row.get("openInterestAmount")), self._last_price(symbol)
            size = self._venue.watched.listing.instruments[symbol].contract_size
            value = amount * size * price if amount is not None and price is not None and size is not None else None
        return value if value is not None and 0 <= value < _MOST_USD else None


async def _ask(
    venue: Venue,
    shared: Shared,
    reach: Reach,
    bulk: Callable[..., Awaitable[object]],
    single: Callable[..., Awaitable[object]],
    params: Params,
) -> dict[str, Mapping[str, object]] | None:
    """ccxt's rows by symbol: of all watched perpetuals at once, or of the desk's one by one. None: none is watched."""
    if reach is Reach.BULK:
        symbols = venue.watched.perpetuals
        return _by_symbol(await bulk(symbols, dict(params)), symbols) if symbols else None
    instruments = venue.watched.listing.instruments
    coins = {coin_of(symbol) for symbol in shared.wants.symbols}
    symbols = [symbol for symbol in venue.watched.perpetuals if instruments[symbol].base in coins]
    return _by_symbol({symbol: await single(symbol, dict(params)) for symbol in symbols}, symbols) if symbols else None


def _news(figures: Mapping[str, float], written: Mapping[str, tuple[int, float]], now_ms: int) -> list[str]:
    """The symbols whose figure differs from the one written, or that was written too long ago."""
    return [
        symbol
        for symbol, figure in figures.items()
        if symbol not in written or written[symbol][1] != figure or now_ms - written[symbol][0] >= _AGAIN_MS
    ]


def _by_symbol(answer: object, symbols: list[str]) -> dict[str, Mapping[str, object]]:
    rows = answer if isinstance(answer, dict) else {}
    return {symbol: row for symbol in symbols if isinstance(row := rows.get(symbol), dict)}


def _info(row: Mapping[str, object]) -> Mapping[str, object]:
    info = row.get("info")
    return info if isinstance(info, dict) else {}


def _figures(
    rows: Mapping[str, Mapping[str, object]],
    pick: Callable[[Mapping[str, object]], object],
    least: float,
    most: float,
) -> dict[str, float]:
    found = {symbol: number(pick(row)) for symbol, row in rows.items()}
    return {symbol: value for symbol, value in found.items() if value is not None and least <= value <= most}
