"""What keys do to the tape's filter, and what the row under the cursor stands for."""

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.brief.coverage import VenueRow
from crashdesk.desk.liquidations.tables import Item
from crashdesk.model.kinds import Side
from crashdesk.model.largest import LargestLiquidation
from crashdesk.model.words import coin_of
from crashdesk.session.liquidation_views import FeedFilter, FeedRow, NamedTotals, SizeTotals
from crashdesk.session.views import TickerRow

SIZES = (0, 10_000, 50_000, 100_000, 1_000_000)
"""Smallest liquidation shown, USD: what the size key goes through."""
SIDES = (None, Side.LONG, Side.SHORT)


class Chosen(NamedTuple):
    """What a row stands for: a symbol or coin, a venue, a smallest size (USD); None where it says nothing of it."""

    symbol: str | None = None
    venue: str | None = None
    least_usd: int | None = None


def chosen_of(item: Item | FeedRow | None) -> Chosen:
    """What a row of the tape or of a table stands for."""
    match item:
        case FeedRow() | LargestLiquidation():
            return Chosen(symbol=item.symbol, venue=item.venue)
        case VenueRow():
            return Chosen(venue=item.name)
        case NamedTotals():
            return Chosen(symbol=item.name)
        case SizeTotals():
            return Chosen(least_usd=item.least_usd)
    return Chosen()


def changed_filter(wanted: FeedFilter, action_id: str, chosen: Chosen) -> FeedFilter | None:
    """The filter after an action of the keymap; None when it is none of these. Coin and venue come and go."""
    match action_id:
        case "minimum_size":
            return wanted._replace(least_usd=next((size for size in SIZES if size > wanted.least_usd), 0))
        case "feed_side":
            return wanted._replace(side=SIDES[(SIDES.index(wanted.side) + 1) % len(SIDES)])
        case "feed_coin":
            return wanted._replace(coin=coin_of(chosen.symbol) if chosen.symbol and wanted.coin is None else None)
        case "feed_venue":
            return wanted._replace(venue=chosen.venue if wanted.venue is None else None)
    return None


def priced_symbol(symbol: str, tickers: Sequence[TickerRow]) -> str:
    """The symbol under which a coin, or the coin of a liquidated symbol, is priced here; else a likely one."""
    base = coin_of(symbol)
    likely = symbol if "/" in symbol else f"{symbol}/USDT"
    return next((row.symbol for row in tickers if row.symbol == symbol or row.base == base), likely)
