"""A scenario's records in the order of their coming. The caller pipes them to a recording's writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.records import Note, PriceSource, Record, Session, VenueHealth
from crashdesk.scenarios.candles import CandleFeed
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.description import Description
from crashdesk.scenarios.load import load
from crashdesk.scenarios.market import coin_markets
from crashdesk.scenarios.orders import plan
from crashdesk.scenarios.paths import SLOT_MS, slot_count
from crashdesk.scenarios.perps import instruments, perps
from crashdesk.scenarios.quotes import QuoteFeed
from crashdesk.scenarios.rows import Rows

Batched = tuple[int, Sequence[Record]]
"""When they came (UTC ms), and records that came together."""
_KEEP_ALIVE_SLOTS = 12


def session_of(scenario: Scenario) -> Session:
    """The header of a scenario's recording."""
    description = load(scenario)
    venues = dict.fromkeys((description.prices.venue, *(share.venue for share in description.liquidations.venues)))
    return Session(
        recording_id=f"{scenario.name}-{scenario.version}",
        created_ms=scenario.start_ms,
        writer="crashdesk scenarios",
        label=scenario.label,
        title=scenario.title,
        sources=scenario.sources,
        venue_order=tuple(venues),
    )


def build(scenario: Scenario) -> Iterator[Batched]:
    """(time in UTC ms, records of one kind) from the start to exactly the end of the scenario, never back in time.

    The same on every machine. The times tell how far it is: (time - start) / (end - start). Cascades are found in the
    orders and prices by the detector that a recorder uses, with the usual settings.
    """
    watch = CascadeWatch(CascadeSettings())
    for now_ms, records in _market(scenario):
        if cascades := watch.fold(now_ms, records):
            yield now_ms - 1, cascades
        yield now_ms, records


def _market(scenario: Scenario) -> Iterator[Batched]:
    """Prices, candles, orders and notes as they come."""
    description = load(scenario)
    markets = coin_markets(scenario, description)
    contracts = perps(description)
    tapes = {market.coin.base_coin: market.tape for market in markets}
    rows = Rows(scenario.start_ms, contracts, plan(scenario, description, tapes, contracts))
    candles = CandleFeed(scenario, description, markets)
    quotes = QuoteFeed(scenario, description.prices.venue, markets)
    for records in (*_opening(scenario, description), *candles.opening(), quotes.opening()):
        yield scenario.start_ms, records
    pinned = [note for note in description.notes if note.ts_ms > scenario.start_ms]
    health = [feed for feed in description.health if feed.last_message_ms is not None]
    for k in range(1, slot_count(scenario)):
        now_ms = scenario.start_ms + k * SLOT_MS
        yield from sorted(
            (
                *candles.between(now_ms - SLOT_MS, now_ms),
                *([(now_ms - 8, due)] if (due := _due(pinned, now_ms)) else ()),
                *([(now_ms - 7, [_alive(feed, now_ms - 7) for feed in health])] if k % _KEEP_ALIVE_SLOTS == 0 else ()),
                *rows.of_slot(k),
            ),
            key=itemgetter(0),
        )
        if changed := quotes.at(k, now_ms):
            yield now_ms, changed


def _due(notes: Sequence[Note], now_ms: int) -> list[Note]:
    """Notes of the slot that ends now."""
    return [note for note in notes if now_ms - SLOT_MS < note.ts_ms <= now_ms]


def _alive(feed: VenueHealth, now_ms: int) -> VenueHealth:
    return VenueHealth(
        feed.venue, feed.feed, feed.state, feed.method, feed.since_ms, feed.detail, now_ms, feed.retry_at_ms
    )


def _opening(scenario: Scenario, description: Description) -> Iterator[Sequence[Record]]:
    """What is known before the first price."""
    yield instruments(description)
    venue, start_ms = description.prices.venue, scenario.start_ms
    yield [PriceSource(f"{coin.base_coin}/USDT", venue, start_ms) for coin in description.coins]
    yield description.health
    yield description.levels
    yield _known(description.notes, start_ms)


def _known(notes: Sequence[Note], now_ms: int) -> list[Note]:
    return [note for note in notes if note.ts_ms <= now_ms]
