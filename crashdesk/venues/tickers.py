"""The tickers of one venue: one call per kind of market, to `Quote` records that changed."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import Feed, HealthState, Instrument, Quote
from crashdesk.venues.dialects import TickerCall
from crashdesk.venues.errors import BadDataError, explain
from crashdesk.venues.polling import Poller
from crashdesk.venues.quotes import quote_of
from crashdesk.venues.shared import Shared, Venue


class TickersFeed:
    """Polls for ever; tells the price sources whether the venue works."""

    def __init__(self, venue: Venue, shared: Shared, detail: str = "") -> None:
        self._venue = venue
        self._shared = shared
        self._detail = detail
        self._sent: dict[str, Quote] = {}
        self._health = shared.health.feed(venue.name, Feed.TICKERS)
        self.poller = Poller(
            self._health,
            shared.outbox,
            shared.pace,
            shared.jitter,
            limit_s=shared.pace.poll_limit,
            on_failure=lambda fault: shared.sources.fails(venue.name, fault),
        )

    def last_price(self, symbol: str) -> float | None:
        """The newest price of one of the venue's symbols."""
        quote = self._sent.get(symbol)
        return None if quote is None else quote.last

    async def run(self) -> None:
        """Poll until cancelled."""
        await self.poller.run(self._poll)

    async def ask_all(self) -> list[Quote]:
        """The quotes of every watched symbol, once, written nowhere."""
        found: list[Quote] = []
        for call in self._venue.dialect.tickers:
            if symbols := self._symbols_of(call):
                found += self._quotes(await self._venue.exchange.fetch_tickers(None, dict(call.params)), symbols)
        return found

    async def _poll(self) -> tuple[float, str]:
        errors: list[Exception] = []
        for call in self._venue.dialect.tickers:
            symbols = self._symbols_of(call)
            if not symbols:
                continue
            try:
                await self._ask(call, symbols)
            except Exception as error:  # noqa: BLE001 - one kind of market failing must not hide the others
                errors.append(error)
        if errors:
            raise errors[0]
        self._shared.sources.works(self._venue.name)
        return self._venue.settings.poll_seconds, self._detail

    def _symbols_of(self, call: TickerCall) -> list[str]:
        instruments = self._venue.watched.listing.instruments
        return [symbol for symbol in self._venue.watched.symbols if instruments[symbol].kind in call.kinds]

    async def _ask(self, call: TickerCall, symbols: Sequence[str]) -> None:
        generation = self._venue.watched.generation
        tap = self._venue.exchange.tap
        bad_before = tap.bad_tickers
        tickers = await self._fetch(call, symbols)
        if generation != self._venue.watched.generation:
            self.poller.wake()
            return
        if tap.bad_tickers > bad_before:
            self._health.set_aside("ticker that makes no sense", tap.bad_tickers - bad_before)
        quotes = self._quotes(tickers, symbols)
        if not quotes:
            raise BadDataError("no usable price in it")
        self._send(quotes)

    async def _fetch(self, call: TickerCall, symbols: Sequence[str]) -> object:
        """ccxt's answer. A venue that refuses the call for one symbol that it has delisted is asked for all it has."""
        fetch, params = self._venue.exchange.fetch_tickers, dict(call.params)
        try:
            return await fetch(list(symbols), params)
        except Exception as error:  # which of ccxt's errors mean "not listed" is known to `explain` alone
            if explain(error).state is not HealthState.GONE:
                raise
            return await fetch(None, params)

    def _quotes(self, tickers: object, symbols: Sequence[str]) -> list[Quote]:
        """The quotes of these symbols in one of ccxt's answers."""
        found = []
        for symbol in symbols:
            ticker = tickers.get(symbol) if isinstance(tickers, dict) else None
            if isinstance(ticker, dict) and (quote := self._quote(ticker, symbol)) is not None:
                found.append(quote)
        return found

    def _quote(self, ticker: dict[str, object], symbol: str) -> Quote | None:
        instrument: Instrument = self._venue.watched.listing.instruments[symbol]
        return quote_of(
            ticker,
            instrument,
            self._shared.clock.now_ms(),
            true_24h=instrument.kind in self._venue.capability.true_24h,
            coin_volume_field=self._venue.dialect.coin_volumes.get(instrument.kind),
            set_aside=self._health.set_aside,
        )

    def _send(self, quotes: list[Quote]) -> None:
        changed = [quote for quote in quotes if self._sent.get(quote.symbol) != quote]
        self._sent.update({quote.symbol: quote for quote in changed})
        self._shared.outbox.put(changed)
