"""What config.toml says: what is wrong in it is named and left out, the rest is used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crashdesk.config.alerts import RunPlaces, read_alerts
from crashdesk.config.cascades import read_cascades
from crashdesk.config.checks import BadValueError, a_table, boolean, list_of, number, one_of, text, whole
from crashdesk.config.key_presets import PRESETS
from crashdesk.config.known import CHART_TIMEFRAMES, EXCHANGES, WEIGHT_MODES
from crashdesk.config.layout_file import layout_ids, read_layouts
from crashdesk.config.layouts import PaneLayout
from crashdesk.config.load import DEFAULT_VENUES
from crashdesk.config.names import api_address, is_venue_name, proxy_address, symbol, timezone, ws_address
from crashdesk.config.near import did_you_mean
from crashdesk.config.news import read_news
from crashdesk.config.recording import read_recording
from crashdesk.config.sending import read_sending
from crashdesk.config.series import read_series
from crashdesk.config.settings import DeskSettings, Problem, Settings, VenueSettings
from crashdesk.config.table import Table
from crashdesk.config.themes import theme_ids
from crashdesk.config.tickers import read_tickers
from crashdesk.config.user_keys import read_keys
from crashdesk.config.versions import VERSION_KEY, a_version, newest

_USUAL = VenueSettings(name="", exchange="")
_SYMBOLS = list_of(symbol, at_most=2_000)


def read_settings(table: Table, file: Path, problems: list[Problem], environment: Mapping[str, str]) -> Settings:
    """The settings in the root table of `file`; what is wrong goes to `problems`, which the table has too."""
    table.take(VERSION_KEY, a_version, newest())
    venues = _venues(table, file, problems)
    known = (*EXCHANGES, *(venue.name for venue in venues))
    layouts = read_layouts(table.table("layouts"))
    desk = _desk(table.table("desk"), file, layouts)
    sending = read_sending(table.table("notify"), file)
    settings = Settings(
        venues=venues,
        desk=desk,
        layouts=layouts,
        keys=read_keys(table.table("keys"), desk.keymap, file, problems),
        baskets_file=_baskets_file(table.table("baskets"), file, environment),
        alerts=read_alerts(
            table.table("alerts"),
            known,
            RunPlaces(file.absolute().parent, environment),
            sends=bool(sending.urls),
        ),
        cascades=read_cascades(table.table("cascades")),
        sending=sending,
        news=read_news(table.table("news")),
        recording=read_recording(table.table("recording")),
        tickers=read_tickers(table.table("tickers"), table.table("groups")),
        series=read_series(table.table("series"), file.absolute().parent, environment),
    )
    table.finish()
    return settings


def _venues(table: Table, file: Path, problems: list[Problem]) -> tuple[VenueSettings, ...]:
    """The venues in the order of the file; the default ones when it has none."""
    venues = table.table("venues")
    if not venues.names():
        return DEFAULT_VENUES
    found = [_venue(venues, name, problems) for name in venues.names()]
    usable = tuple(venue for venue in found if venue is not None)
    if not any(venue.enabled for venue in usable):
        problems.append(Problem(file, "venues", "no venue is enabled", "nothing will be polled; enable one"))
    return usable


def _venue(venues: Table, name: str, problems: list[Problem]) -> VenueSettings | None:
    """One `[venues.NAME]`; None when it is no table, or its name, exchange or an address cannot be used."""
    if venues.take(name, a_table, None) is None:
        return None
    if not is_venue_name(name):
        venues.problem(name, "a venue's name has 1 to 24 of a-z, 0-9, _ and -", "rename the table")
        return None
    table = venues.table(name)
    exchange = _exchange(table, name)
    before = len(problems)
    venue = VenueSettings(
        name=name,
        exchange=exchange or name,
        enabled=table.take("enabled", boolean, _USUAL.enabled),
        symbols=tuple(dict.fromkeys(table.take("symbols", _SYMBOLS, _USUAL.symbols))),
        top=table.take("top", whole(0, 1_000), _USUAL.top),
        poll_seconds=table.take("poll_seconds", number(0.1, 3_600), _USUAL.poll_seconds),
        proxy=table.take("proxy", proxy_address, None),
        api_url=table.take("api_url", api_address, None),
        ws_url=table.take("ws_url", ws_address, None),
    )
    # a venue that would be asked at another address than the one that was meant is not asked at all
    astray = {f"venues.{name}.{key}" for key in ("proxy", "api_url", "ws_url")}
    usable = exchange is not None and not any(problem.key in astray for problem in problems[before:])
    table.finish()
    return venue if usable else None


def _exchange(table: Table, name: str) -> str | None:
    """The ccxt id of a venue: its `exchange`, or else its name."""
    exchange = table.take("exchange", one_of(EXCHANGES, "exchange"), None)
    if "exchange" in table.names():
        return exchange
    if name in EXCHANGES:
        return name
    table.problem("exchange", f"is missing, and {name!r} is no exchange that is known", did_you_mean(name, EXCHANGES))
    return None


def _desk(table: Table, file: Path, layouts: tuple[PaneLayout, ...]) -> DeskSettings:
    usual = DeskSettings()
    themes = theme_ids(file.parent / "themes")
    desk = DeskSettings(
        timezone=table.take("timezone", timezone, usual.timezone),
        theme=table.take("theme", one_of(themes, "theme"), usual.theme),
        symbol=table.take("symbol", symbol, usual.symbol),
        timeframe=table.take("timeframe", one_of(CHART_TIMEFRAMES, "timeframe"), usual.timeframe),
        weights=table.take("weights", one_of(WEIGHT_MODES, "weights"), usual.weights),
        ascii=table.take("ascii", boolean, usual.ascii),
        keymap=table.take("keymap", one_of(PRESETS, "keymap"), usual.keymap),
        layout=table.take("layout", one_of(layout_ids(file.parent / "layouts", layouts), "layout"), usual.layout),
    )
    table.finish()
    return desk


def _baskets_file(table: Table, file: Path, environment: Mapping[str, str]) -> Path | None:
    def existing(value: object) -> Path:
        written = text(value)
        if written == "~" or written.startswith("~/"):
            written = environment.get("HOME", "~") + written[1:]
        path = file.absolute().parent / written
        if not path.is_file():
            raise BadValueError(f"no such file: {path}", "the built-in baskets are used")
        return path

    found = table.take("file", existing, None)
    table.finish()
    return found
