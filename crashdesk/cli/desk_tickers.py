"""The tickers of a desk: what they open with, what is kept of them, what the venues list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crashdesk.cli.context import Context
from crashdesk.config.remembered import Remembered, load_remembered, remember
from crashdesk.config.ticker_settings import ALL_GROUP, USUAL_COLUMNS, known_columns
from crashdesk.desk.tickers.start import TickerStart

if TYPE_CHECKING:
    from crashdesk.model.basket import Baskets


def ticker_start(context: Context, baskets: Callable[[], Baskets]) -> TickerStart:
    """The columns in config.toml, else those that were chosen last, else the usual ones; the group chosen last."""
    settings, kept = context.settings.tickers, load_remembered(context.paths.remembered_file)
    chosen = known_columns(tuple(kept.columns.split())) if kept.columns else USUAL_COLUMNS

    def sectors() -> Mapping[str, tuple[str, ...]]:
        known = baskets()
        return {basket.name: basket.members for basket in (*known.sectors, *known.groups)}

    return TickerStart(settings.columns or chosen, settings.groups, kept.group or ALL_GROUP, sectors)


def remember_choice(context: Context, name: str, value: str) -> str:
    """Keep a choice by the name of its field; gives a sentence when config.toml says something else."""

    def change(kept: Remembered) -> Remembered:
        return kept._replace(**{name: value})

    remember(context.paths.remembered_file, change)
    fixed = name == "columns" and context.settings.tickers.columns not in ((), tuple(value.split()))
    return "these columns until the desk closes: config.toml names others" if fixed else ""


def listed_markets(context: Context) -> dict[str, tuple[str, ...]]:
    """Symbol to the venues that list it, as the recorder saw it last; never raises."""
    from crashdesk.venues.markets import STALE_MS, cache_file, read_cache

    found: dict[str, tuple[str, ...]] = {}
    now_ms = context.clock.now_ms()
    for venue in context.settings.venues:
        path = cache_file(context.paths.cache_dir, venue)
        markets = read_cache(path, venue.exchange, now_ms, STALE_MS) if venue.enabled else None
        for market in markets or ():
            symbol = market.get("symbol")
            if isinstance(symbol, str) and not market.get("future"):
                found[symbol] = (*found.get(symbol, ()), venue.name)
    return found
