"""Description files in."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from crashdesk.model.money import MICRO
from crashdesk.model.records import Feed, HealthState, Method, Note, Precision, PublishedLevel, Side, VenueHealth
from crashdesk.scenarios.catalogue import Scenario, description_file, utc_ms
from crashdesk.scenarios.description import (
    Coin,
    DayPrice,
    Description,
    History,
    Liquidations,
    NamedOrder,
    PathPoint,
    Prices,
    Sector,
    SideTotal,
    VenueShare,
)

_EPOCH = date(1970, 1, 1)
_DEFAULT_VOLATILITY_PCT = 60.0


def load(scenario: Scenario) -> Description:
    """The description of `scenario`. The file ships with the package and is trusted: a wrong one raises KeyError."""
    raw = tomllib.loads(description_file(scenario.name).read_text("utf-8"))
    histories = {coin: _history(value) for coin, value in raw["histories"].items()}
    venues = tuple(raw["liquidations"]["venues"])
    return Description(
        prices=_prices(raw["prices"]),
        sectors=tuple(
            Sector(
                name=sector["name"],
                change_pct=sector.get("change_24h"),
                coins=tuple(_coin(coin, venues, histories.get(coin["coin"])) for coin in sector["coins"]),
            )
            for sector in raw["sectors"]
        ),
        liquidations=_liquidations(raw["liquidations"]),
        health=tuple(_health(feed, scenario.start_ms) for feed in raw["feeds"]),
        levels=tuple(_level(level) for level in raw["levels"]),
        notes=tuple(_note(f"{scenario.name}-{i}", note) for i, note in enumerate(raw["notes"], 1)),
    )


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _day_prices(rows: list[list[Any]]) -> tuple[DayPrice, ...]:
    return tuple((_day(day), float(price)) for day, price in rows)


def _history(raw: dict[str, Any]) -> History:
    high, low = (_day_prices([raw[key]])[0] if key in raw else None for key in ("high", "low"))
    return History(_day_prices(raw["closes"]), high, low)


def _prices(raw: dict[str, Any]) -> Prices:
    return Prices(
        venue=raw["venue"],
        leader=raw["leader"],
        first_day=_day(raw["first_day"]),
        candles_5m_hours=raw["candles_5m_hours"],
        candles_1h_days=raw["candles_1h_days"],
        candles_1h=tuple(raw["candles_1h"]),
        average_200d=raw["average_200d"],
        path=tuple(PathPoint(utc_ms(at), leader, share) for at, leader, share in raw["path"]),
        history=_day_prices(raw["history"]),
    )


def _coin(raw: dict[str, Any], venues: tuple[str, ...], history: History | None) -> Coin:
    scale = 10 ** raw["decimals"]
    return Coin(
        base_coin=raw["coin"],
        last=round(raw["last"] * scale),
        decimals=raw["decimals"],
        base=round(raw["base"] * scale) if "base" in raw else None,
        change_pct=raw["change_24h"],
        exact=raw.get("exact", False),
        turnover_usd=raw["turnover"] * 1e6,
        orders=raw.get("orders", 0.0),
        size=raw.get("size", 1.0),
        venues=tuple(raw.get("venues", venues)),
        stretch=raw.get("stretch", 1.0),
        volatility_pct=raw.get("volatility", _DEFAULT_VOLATILITY_PCT),
        history=history,
        low=round(raw["low"] * scale) if "low" in raw else None,
    )


def _liquidations(raw: dict[str, Any]) -> Liquidations:
    largest = raw["largest"]
    return Liquidations(
        long=SideTotal(raw["long"]["usd"] * MICRO, raw["long"]["orders"]),
        short=SideTotal(raw["short"]["usd"] * MICRO, raw["short"]["orders"]),
        below_micro=raw["below_usd"] * MICRO,
        largest=NamedOrder(
            coin=largest["coin"],
            venue=largest["venue"],
            side=Side(largest["side"]),
            usd_micro=largest["usd"] * MICRO,
            ts_ms=utc_ms(largest["at"]),
        ),
        venues=tuple(
            VenueShare(name, share["orders"], share.get("size", 1.0)) for name, share in raw["venues"].items()
        ),
        calm=raw["calm"],
    )


def _health(raw: dict[str, Any], now_ms: int) -> VenueHealth:
    method = Method(raw["method"]) if "method" in raw else None
    there = method is not Method.NONE
    return VenueHealth(
        venue=raw["venue"],
        feed=Feed(raw["feed"]),
        state=HealthState.OK if there else HealthState.STOPPED,
        method=method,
        since_ms=now_ms,
        detail=raw["detail"],
        last_message_ms=now_ms if there else None,
        retry_at_ms=None,
    )


def _level(raw: dict[str, Any]) -> PublishedLevel:
    return PublishedLevel(
        symbol=raw["symbol"],
        price=raw["price"],
        kind=raw["kind"],
        label=raw["label"],
        source=raw["source"],
        created_ms=utc_ms(raw["created"]),
    )


def _note(ident: str, raw: dict[str, Any]) -> Note:
    return Note(
        id=ident,
        ts_ms=utc_ms(raw["at"]),
        precision=Precision(raw["precision"]),
        kind=raw["kind"],
        text=raw["text"],
        source=raw["source"],
        url=raw.get("url"),
    )
