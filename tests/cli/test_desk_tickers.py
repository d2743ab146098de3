"""What the tickers of a desk open with, what is kept of them, and what the venues list."""

from __future__ import annotations

import io
from pathlib import Path

from crashdesk.cli.context import Context
from crashdesk.cli.desk_tickers import listed_markets, remember_choice, ticker_start
from crashdesk.config.baskets import load_baskets
from crashdesk.config.load import DEFAULT_SETTINGS
from crashdesk.config.remembered import load_remembered, remember
from crashdesk.config.settings import Paths, VenueSettings
from crashdesk.config.ticker_settings import USUAL_COLUMNS, TickerGroup, TickerSettings
from crashdesk.model.basket import Baskets
from crashdesk.venues.markets import cache_file, write_cache
from tests.conftest import FixedClock

NOW_MS = 1_762_225_964_000
MINE = TickerGroup("mine", ("BTC",))


def _context(tmp_path: Path, tickers: TickerSettings, *venues: VenueSettings) -> Context:
    settings = DEFAULT_SETTINGS._replace(tickers=tickers, venues=venues)
    paths = Paths(tmp_path / "config.toml", tmp_path / "data", tmp_path / "cache", tmp_path / "run")
    return Context(settings, (), paths, False, FixedClock(NOW_MS), io.StringIO(), io.StringIO(), io.StringIO(), {})


def _baskets() -> Baskets:
    return load_baskets(None)[0]


def test_columns_of_config_come_before_those_chosen_last(tmp_path: Path) -> None:
    plain = _context(tmp_path, TickerSettings(groups=(MINE,)))
    start = ticker_start(plain, _baskets)
    assert (start.columns, start.groups, start.group) == (USUAL_COLUMNS, (MINE,), "all")
    assert remember_choice(plain, "columns", "symbol last oi") == ""
    assert remember_choice(plain, "group", "mine") == ""
    start = ticker_start(plain, _baskets)
    assert (start.columns, start.group) == (("symbol", "last", "oi"), "mine")
    fixed = _context(tmp_path, TickerSettings(("symbol", "24h")))
    assert ticker_start(fixed, _baskets).columns == ("symbol", "24h")
    assert remember_choice(fixed, "columns", "symbol age").startswith("these columns until the desk closes")
    assert load_remembered(plain.paths.remembered_file).columns == "symbol age"


def test_what_was_remembered_of_columns_that_are_gone_is_left_out(tmp_path: Path) -> None:
    context = _context(tmp_path, TickerSettings())
    remember(context.paths.remembered_file, lambda kept: kept._replace(columns="symbol gone last last"))
    assert ticker_start(context, _baskets).columns == ("symbol", "last")


def test_sectors_and_groups_of_the_baskets_are_those_of_the_file(tmp_path: Path) -> None:
    sectors = ticker_start(_context(tmp_path, TickerSettings()), _baskets).sectors()
    assert "UNI" in sectors["DeFi"]
    assert sectors["Stocks"]


def test_markets_are_those_that_the_recorder_saw(tmp_path: Path) -> None:
    okx, off = VenueSettings("okx", "okx"), VenueSettings("off", "htx", enabled=False)
    mine = VenueSettings("mine", "okx", api_url="http://127.0.0.1:1")
    context = _context(tmp_path, TickerSettings(), okx, off, mine, VenueSettings("kraken", "kraken"))
    spot = {"id": "1", "symbol": "BTC/USDT", "spot": True}
    perp = {"id": "2", "symbol": "BTC/USDT:USDT", "swap": True}
    dated = {"id": "3", "symbol": "BTC/USDT:USDT-260327", "future": True}
    for venue, markets in ((okx, [spot, perp, dated]), (off, [spot]), (mine, [spot])):
        write_cache(cache_file(context.paths.cache_dir, venue), venue.exchange, NOW_MS, markets)
    assert listed_markets(context) == {"BTC/USDT": ("okx", "mine"), "BTC/USDT:USDT": ("okx",)}
