"""The one sentence that an alert says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crashdesk.config.alert_settings import AlertKind, AlertSettings, LevelEvent
from crashdesk.model.columns import InstrumentKey
from crashdesk.model.money import to_micro
from crashdesk.model.records import Feed, Instrument, Liquidation, Side
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.model.words import exact_price, pair_name, usd_short

_FEEDS_NAMED = 3


def one_liquidation(row: Liquidation, instruments: dict[InstrumentKey, Instrument]) -> str:
    """`$33.96M long liquidated: BTC-USDT on htx at 105,120`."""
    instrument = instruments.get((row.venue, row.symbol))
    price = exact_price(row.price, instrument.price_decimals if instrument else 2)
    where = f"{pair_name(row.symbol)} on {row.venue}"
    return f"{usd_short(row.usd_micro)} {row.side.value} liquidated: {where} at {price}"


def many_liquidations(count: int, total: int, largest: str, rule: AlertSettings, waited_ms: int | None) -> str:
    """`12 liquidations of $1M or more in 10 s, $45.20M; the largest: ...`; None: they came at once."""
    within = " at once" if waited_ms is None else f" in {span(waited_ms)}"
    return f"{count:,} liquidations of {least(rule)} or more{within}, {usd_short(total)}; the largest: {largest}"


def window_total(long: int, short: int, rule: AlertSettings) -> str:
    """`$1.003bn liquidated in 24h, 91% long`, with what it is limited to."""
    return f"{usd_short(long + short)}{scope(rule)} liquidated in {rule.window}{_split(long, short, rule)}"


def minute_total(long: int, short: int, rule: AlertSettings) -> str:
    """`$61.30M liquidated within a minute, 96% long`."""
    return f"{usd_short(long + short)}{scope(rule)} liquidated within a minute{_split(long, short, rule)}"


def one_side(side: Side, long: int, short: int, rule: AlertSettings) -> str:
    """`96% of $118.2M liquidated in 1h was long`."""
    part = long if side is Side.LONG else short
    share = f"{100 * part / (long + short):.0f}%"
    return f"{share} of {usd_short(long + short)}{scope(rule)} liquidated in {rule.window} was {side.value}"


def feeds_lost(lost: Sequence[tuple[str, Feed, str]], after_ms: int) -> str:
    """`okx liquidations lost, 30 s without a connection: no network`; several are counted and the first ones named."""
    venue, feed, detail = lost[0]
    if len(lost) == 1:
        why = f": {detail}" if detail else ""
        return f"{venue} {_feed(feed)} lost, {span(after_ms)} without a connection{why}"
    return f"{len(lost)} feeds lost, {span(after_ms)} without a connection: {_named([(v, f) for v, f, _ in lost])}"


def feeds_back(back: Sequence[tuple[str, Feed]], longest_ms: int) -> str:
    """`okx liquidations back after 3 min`."""
    if len(back) == 1:
        return f"{back[0][0]} {_feed(back[0][1])} back after {span(longest_ms)}"
    return f"{len(back)} feeds back after at most {span(longest_ms)}: {_named(back)}"


def condition(rule: AlertSettings) -> str:
    """What a rule watches, for a list of rules."""
    limits = scope(rule)
    match rule.kind:
        case AlertKind.LIQUIDATION:
            return f"one liquidation{limits} of {least(rule)} or more"
        case AlertKind.RATE:
            return f"{least(rule)}{limits} liquidated within a minute"
        case AlertKind.TOTAL:
            return f"{least(rule)}{limits} liquidated in {rule.window}"
        case AlertKind.ONE_SIDED:
            side = rule.side.value if rule.side else "long or short"
            return f"at least {rule.share:g}% {side} of {least(rule)} or more{limits} in {rule.window}"
        case AlertKind.FEED_LOST:
            feeds = ", ".join(_feed(feed) for feed in rule.feeds)
            return f"{feeds}{limits} without a connection for {span(round(rule.after_seconds * 1000))}"
        case AlertKind.CASCADE:
            return "a cascade" + (f" of {least(rule)} or more" if rule.min_usd else "")
        case AlertKind.LEVEL:
            return f"{_events(rule)} of your levels with alert {rule.name}"
        case AlertKind.SMA200:
            return f"{_events(rule)} of SMA200{_symbols(rule)}"
        case AlertKind.DRAWDOWN:
            return f"{rule.percent:g}% or more under the high{_symbols(rule)}"


def least(rule: AlertSettings) -> str:
    """The threshold in dollars without noughts behind the point: `$1M`, `$2.5M`."""
    return re.sub(r"\.?0+(?=[a-zA-Z])", "", text) if "." in (text := usd_short(to_micro(rule.min_usd))) else text


def scope(rule: AlertSettings) -> str:
    """` of BTC, ETH on okx` where a rule is limited to that."""
    side = f" {rule.side.value}" if rule.side and rule.kind is not AlertKind.ONE_SIDED else ""
    coins = f" of {', '.join(rule.coins)}" if rule.coins else ""
    venues = f" on {', '.join(rule.venues)}" if rule.venues else ""
    return f"{side}{coins}{venues}"


def span(ms: int) -> str:
    """`10 s`, `3 min`, `2 h`."""
    if ms < 2 * MINUTE_MS:
        return f"{max(1, round(ms / 1000))} s"
    return f"{round(ms / MINUTE_MS)} min" if ms < 2 * HOUR_MS else f"{round(ms / HOUR_MS)} h"


def _split(long: int, short: int, rule: AlertSettings) -> str:
    return "" if rule.side or not long + short else f", {100 * long / (long + short):.0f}% long"


def _events(rule: AlertSettings) -> str:
    names = {LevelEvent.BREACH: "breach by close", LevelEvent.CROSS: "SMA50's cross"}
    return ", ".join(names.get(event, event.value) for event in rule.on) or "nothing"


def _symbols(rule: AlertSettings) -> str:
    return f" of {', '.join(pair_name(symbol) for symbol in rule.symbols)}" if rule.symbols else " of the desk's symbol"


def _feed(feed: Feed) -> str:
    return feed.value.replace("_", " ")


def _named(feeds: Sequence[tuple[str, Feed]]) -> str:
    named = ", ".join(f"{venue} {_feed(feed)}" for venue, feed in feeds[:_FEEDS_NAMED])
    return named + (f" and {len(feeds) - _FEEDS_NAMED} more" if len(feeds) > _FEEDS_NAMED else "")
