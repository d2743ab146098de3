"""What an alert is: the kinds, their usual figures, and the few that are on without any configuration."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from crashdesk.model.kinds import Feed, Side

ALERT_WINDOWS = ("1h", "4h", "12h", "24h")
"""The rolling windows whose sums a rule may watch."""


class AlertKind(StrEnum):
    """What a rule watches."""

    LIQUIDATION = "liquidation"
    RATE = "rate"
    ONE_SIDED = "one_sided"
    TOTAL = "total"
    FEED_LOST = "feed_lost"
    CASCADE = "cascade"
    LEVEL = "level"
    SMA200 = "sma200"
    DRAWDOWN = "drawdown"


class LevelEvent(StrEnum):
    """What may happen at a level. `CROSS` is SMA50 crossing SMA200."""

    TOUCH = "touch"
    BREACH = "breach"
    RECLAIM = "reclaim"
    CROSS = "cross"


AT_A_LEVEL = (LevelEvent.TOUCH, LevelEvent.BREACH, LevelEvent.RECLAIM)
"""What may happen at any level."""


class Notify(StrEnum):
    """How the terminal is asked for a desktop notification; `AUTO` goes by what is known of the terminal."""

    OFF = "off"
    AUTO = "auto"
    OSC9 = "osc9"
    OSC777 = "osc777"


class AlertSettings(NamedTuple):
    """One `[alerts.NAME]` table. A kind uses the fields that `OWN_KEYS` names, and those that all have.

    `min_usd` is of one liquidation, of a minute, of the `window`, or of a cascade. `share` is the percent that one side
    must have. `side`, `venues` and `coins` (base currencies, upper case) leave everything else out; empty is all. A
    feed is lost after `after_seconds` without being connected. `on` is what is told of levels, `symbols` are those of
    which SMA200 or drawdown is watched (empty: the one of [desk]), `percent` is the drawdown. After an alert the
    rule is quiet for `repeat_seconds`, one of prices for that level or symbol. `run` is a program and its arguments,
    `send` whether it goes to the addresses of [notify].
    """

    name: str
    kind: AlertKind
    enabled: bool = True
    min_usd: float = 0.0
    share: float = 90.0
    window: str = "24h"
    side: Side | None = None
    venues: tuple[str, ...] = ()
    coins: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = (Feed.LIQUIDATIONS, Feed.TICKERS)
    after_seconds: float = 30.0
    on: tuple[LevelEvent, ...] = AT_A_LEVEL
    symbols: tuple[str, ...] = ()
    percent: float = 20.0
    repeat_seconds: float = 60.0
    bell: bool = True
    notify: Notify = Notify.OFF
    run: tuple[str, ...] = ()
    send: bool = False


OWN_KEYS: dict[AlertKind, tuple[str, ...]] = {
    AlertKind.LIQUIDATION: ("min_usd", "side", "venues", "coins"),
    AlertKind.RATE: ("min_usd", "side", "venues", "coins"),
    AlertKind.ONE_SIDED: ("min_usd", "share", "window", "side", "venues", "coins"),
    AlertKind.TOTAL: ("min_usd", "window", "side", "venues", "coins"),
    AlertKind.FEED_LOST: ("after_seconds", "feeds", "venues"),
    AlertKind.CASCADE: ("min_usd",),
    AlertKind.LEVEL: ("on",),
    AlertKind.SMA200: ("on", "symbols"),
    AlertKind.DRAWDOWN: ("percent", "symbols"),
}
"""The keys of a table that only some kinds have."""

_USUAL = (
    AlertSettings("", AlertKind.LIQUIDATION, min_usd=10e6, repeat_seconds=10),
    AlertSettings("", AlertKind.RATE, min_usd=50e6, repeat_seconds=300),
    AlertSettings("", AlertKind.ONE_SIDED, min_usd=100e6, window="1h", repeat_seconds=1_800),
    AlertSettings("", AlertKind.TOTAL, min_usd=1e9, repeat_seconds=3_600),
    # a line that drops at night is no reason to wake somebody: shown, not sounded
    AlertSettings("", AlertKind.FEED_LOST, bell=False),
    AlertSettings("", AlertKind.CASCADE),
    AlertSettings("", AlertKind.LEVEL, repeat_seconds=300),
    AlertSettings("", AlertKind.SMA200, on=tuple(LevelEvent), repeat_seconds=3_600),
    AlertSettings("", AlertKind.DRAWDOWN, repeat_seconds=3_600),
)


def usual(kind: AlertKind) -> AlertSettings:
    """The figures of a kind where the user says nothing, without a name."""
    return next(rule for rule in _USUAL if rule.kind is kind)


DEFAULT_ALERTS = (
    usual(AlertKind.LIQUIDATION)._replace(name="large_liquidation"),
    usual(AlertKind.TOTAL)._replace(name="day_total"),
    usual(AlertKind.CASCADE)._replace(name="cascade"),
    usual(AlertKind.FEED_LOST)._replace(name="feed_lost"),
    usual(AlertKind.LEVEL)._replace(name="level"),
    usual(AlertKind.SMA200)._replace(name="sma200"),
)
"""On without any configuration. Few, so that one that goes off is worth a look: on an ordinary day none does. They are
shown and ring the terminal's bell, which every terminal can mute; nothing is sent or run unless it is asked for. The
one called `level` tells of nothing but levels that name it."""


def level_alerts(rules: Iterable[AlertSettings]) -> tuple[str, ...]:
    """The alerts that a level may name."""
    return tuple(rule.name for rule in rules if rule.kind is AlertKind.LEVEL)


def level_rule(name: str, rules: Iterable[AlertSettings]) -> AlertSettings | None:
    """The rule that a level means which names `name`: of levels, and on; None when there is none."""
    return next((r for r in rules if r.name == name and r.kind is AlertKind.LEVEL and r.enabled), None)
