"""The settings of a desk and its worker, as plain values. `config.load` makes them from TOML."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from crashdesk.config.address import Address
from crashdesk.config.alert_settings import DEFAULT_ALERTS, AlertSettings
from crashdesk.config.key_presets import DEFAULT_PRESET
from crashdesk.config.layouts import PaneLayout
from crashdesk.config.ticker_settings import TickerSettings
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.text import clean
from crashdesk.model.timeframe import DAY_MS

DEFAULT_COINS = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "TON", "LINK", "AVAX")


class VenueSettings(NamedTuple):
    """One `[venues.NAME]` table.

    `exchange` is the ccxt id. `symbols` are ccxt unified symbols (spot and perpetual mixed); when it is empty the `top`
    markets by 24h volume are taken, and when that is 0 too the venue's USDT markets of the basket coins.
    `api_url`/`ws_url` replace scheme, host and port of every REST / WebSocket URL of the exchange.
    """

    name: str
    exchange: str
    enabled: bool = True
    symbols: tuple[str, ...] = ()
    top: int = 0
    poll_seconds: float = 5.0
    proxy: str | None = None
    api_url: str | None = None
    ws_url: str | None = None


class DeskSettings(NamedTuple):
    """The `[desk]` table. `timezone` is an IANA name; `symbol` the one that chart and levels open with.

    An empty `theme` or `layout` is the one chosen last on the desk, at first the default one. `keymap` names the preset
    that the user's own keys come over.
    """

    timezone: str = "UTC"
    theme: str = ""
    symbol: str = "BTC/USDT"
    timeframe: str = "1d"
    weights: str = "equal"
    ascii: bool = False
    keymap: str = DEFAULT_PRESET
    layout: str = ""


class Paths(NamedTuple):
    """Where things live (platformdirs unless a test says otherwise)."""

    config_file: Path
    data_dir: Path
    cache_dir: Path
    runtime_dir: Path

    @property
    def themes_dir(self) -> Path:
        """The user's own themes, beside config.toml."""
        return self.config_file.parent / "themes"

    @property
    def layouts_dir(self) -> Path:
        """The user's own layouts, beside config.toml."""
        return self.config_file.parent / "layouts"

    @property
    def recordings_dir(self) -> Path:
        """The user's recordings; never pruned unless asked."""
        return self.data_dir / "recordings"

    @property
    def live_recording(self) -> Path:
        """The recording that `crashdesk` follows and its worker appends to."""
        return self.recordings_dir / "live.crash"

    @property
    def levels_file(self) -> Path:
        """The trader's levels."""
        return self.data_dir / "levels.toml"

    @property
    def notes_file(self) -> Path:
        """The trader's notes and bookmarks."""
        return self.data_dir / "notes.toml"

    @property
    def remembered_file(self) -> Path:
        """What the desk remembers of the last time."""
        return self.data_dir / "desk.toml"

    @property
    def pins_file(self) -> Path:
        """Recordings that are never pruned."""
        return self.data_dir / "pins.toml"

    @property
    def found_levels_file(self) -> Path:
        """Key levels that were found before."""
        return self.cache_dir / "levels.json"

    @property
    def pictures_dir(self) -> Path:
        """Pictures (SVG) taken from the desk."""
        return self.data_dir / "pictures"

    @property
    def briefs_dir(self) -> Path:
        """Briefs written from the desk."""
        return self.data_dir / "briefs"


class SeriesSettings(NamedTuple):
    """One `[series.NAME]` table: figures by day from the column `column` (empty: the one behind the dates) of a CSV.

    An entry counts from `known_after_ms` after its time on: by default when its day is over.
    """

    name: str
    file: Path
    title: str = ""
    unit: str = ""
    column: str = ""
    known_after_ms: int = DAY_MS


class NewsSettings(NamedTuple):
    """The `[news]` table: addresses of RSS and Atom feeds, and how often the recorder asks them."""

    feeds: tuple[str, ...] = ()
    poll_minutes: float = 15.0


class SendSettings(NamedTuple):
    """The `[notify]` table: where alerts are sent, and the seconds that lie at least between two messages there."""

    urls: tuple[Address, ...] = ()
    every_seconds: float = 30.0


class Roll(StrEnum):
    """When a recording goes on in a new file: never, or at 00:00 UTC."""

    OFF = "off"
    DAY = "day"


class RecordingSettings(NamedTuple):
    """The `[recording]` table. Automatic recordings that ended `prune_days` ago are removed; 0: never."""

    roll: Roll = Roll.OFF
    prune_days: int = 0


class Settings(NamedTuple):
    """Everything from config.toml, defaults filled in. `keys` maps action ids to the user's keys."""

    venues: tuple[VenueSettings, ...]
    desk: DeskSettings = DeskSettings()
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    baskets_file: Path | None = None
    alerts: tuple[AlertSettings, ...] = DEFAULT_ALERTS
    cascades: CascadeSettings = CascadeSettings()
    series: tuple[SeriesSettings, ...] = ()
    news: NewsSettings = NewsSettings()
    sending: SendSettings = SendSettings()
    recording: RecordingSettings = RecordingSettings()
    tickers: TickerSettings = TickerSettings()
    layouts: tuple[PaneLayout, ...] = ()


class Problem(NamedTuple):
    """What is wrong in a user's file: where (file and dotted key), what, and what to do."""

    file: Path
    key: str
    what: str
    hint: str

    def __str__(self) -> str:
        file = clean(str(self.file), 4_096)
        where = f"{file}: {self.key}" if self.key else file
        return f"{where}: {self.what}" + (f" ({self.hint})" if self.hint else "")
