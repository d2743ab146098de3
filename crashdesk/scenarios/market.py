"""The whole market of a scenario, computed once: prices, candles, orders."""

from __future__ import annotations

from dataclasses import dataclass

from crashdesk.model.timeframe import DAY_MS, Timeframe
from crashdesk.scenarios.bars import Bar, five_minutes, grouped
from crashdesk.scenarios.catalogue import Scenario
from crashdesk.scenarios.chance import chance
from crashdesk.scenarios.description import Coin, Description
from crashdesk.scenarios.figures import start_prices
from crashdesk.scenarios.history import average_fitted, daily, hourly
from crashdesk.scenarios.paths import Tape, tapes


@dataclass(frozen=True, slots=True)
class CoinMarket:
    """One coin: its tape, and its candles by timeframe, oldest first; the last of each still runs at the end."""

    coin: Coin
    tape: Tape
    bars: dict[Timeframe, list[Bar]]


def coin_markets(scenario: Scenario, description: Description) -> list[CoinMarket]:
    """All coins in the order of the description."""
    tape = tapes(scenario, description, start_prices(description))
    return [_coin_market(scenario, description, coin, tape[coin.base_coin]) for coin in description.coins]


def _coin_market(scenario: Scenario, description: Description, coin: Coin, tape: Tape) -> CoinMarket:
    prices, name = description.prices, scenario.name
    path_ms = prices.path[0].ts_ms
    fives = five_minutes(scenario, coin, tape, path_ms, chance(name, "volume", coin.base_coin))
    days = grouped(fives, Timeframe.D1)
    past = daily(name, description, coin, path_ms // DAY_MS, days[0].open)
    if coin.base_coin == prices.leader:
        closed = [day.close for day in days if day.open_ms + DAY_MS <= scenario.end_ms]
        past = average_fitted(past, coin, closed, prices.average_200d)
    bars = {Timeframe.M5: fives, Timeframe.D1: past + days}
    if coin.base_coin in prices.candles_1h:
        bars[Timeframe.H1] = hourly(name, coin, past[-prices.candles_1h_days :]) + grouped(fives, Timeframe.H1)
    return CoinMarket(coin, tape, bars)
