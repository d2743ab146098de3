"""config.toml in: defaults, every key, every kind of mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crashdesk.config.init_text import init_text
from crashdesk.config.known import CHART_TIMEFRAMES, EXCHANGES
from crashdesk.config.load import DEFAULT_SETTINGS, load_settings
from crashdesk.config.settings import DeskSettings, Problem, Settings, VenueSettings
from crashdesk.model.timeframe import Timeframe

GOOD = """\
[venues.okx]
symbols = ["BTC/USDT", "BTC/USDT:USDT", "BTC/USDT"]
poll_seconds = 2
api_url = "http://127.0.0.1:8001/okx"
ws_url = "ws://127.0.0.1:8001"

[venues.mirror]
exchange = "binance"
enabled = false
top = 20
poll_seconds = 0.5
proxy = "http://user:hunter2@proxy.example:3128"

[desk]
timezone = "Asia/Hong_Kong"
theme = "paper"
symbol = "ETH/USDT"
timeframe = "4h"
weights = "volume"
ascii = true

[keys]
filter = ["/", "ctrl+f"]
zoom = "Z"

[baskets]
file = "mine.toml"
"""


def load(tmp_path: Path, text: str) -> tuple[Settings, tuple[Problem, ...]]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, {"HOME": str(tmp_path)})


def test_no_file_is_the_default() -> None:
    settings, problems = load_settings(None, {})
    assert problems == ()
    assert tuple(venue.name for venue in settings.venues) == EXCHANGES
    assert all(venue.enabled and venue.poll_seconds == 5 and not venue.symbols for venue in settings.venues)
    assert settings.desk == DeskSettings()


def test_every_key(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").touch()
    settings, problems = load(tmp_path, GOOD)
    assert problems == ()
    assert settings == Settings(
        venues=(
            VenueSettings(
                name="okx",
                exchange="okx",
                symbols=("BTC/USDT", "BTC/USDT:USDT"),
                poll_seconds=2.0,
                api_url="http://127.0.0.1:8001/okx",
                ws_url="ws://127.0.0.1:8001",
            ),
            VenueSettings(
                name="mirror",
                exchange="binance",
                enabled=False,
                top=20,
                poll_seconds=0.5,
                proxy="http://user:hunter2@proxy.example:3128",
            ),
        ),
        desk=DeskSettings("Asia/Hong_Kong", "paper", "ETH/USDT", "4h", "volume", ascii=True),
        keys=(("zoom", ("Z",)), ("filter", ("slash", "ctrl+f"))),
        baskets_file=tmp_path / "mine.toml",
    )


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("[venue.okx]\n", "venue", "did you mean 'venues'?"),
        ("venues = 5\n", "venues", "must be a table"),
        ("[venues]\nokx = true\n", "venues.okx", "must be a table, is true or false"),
        ("[venues.okex]\n", "venues.okex.exchange", "did you mean 'okx'?"),
        ('[venues.mine]\nexchange = "binanceusd"\n', "venues.mine.exchange", "did you mean 'binanceusdm'?"),
        ('[venues."a b"]\n', 'venues."a b"', "rename the table"),
        ("[venues.okx]\nenabeld = true\n", "venues.okx.enabeld", "did you mean 'enabled'?"),
        ("[venues.okx]\nenabled = 1\n", "venues.okx.enabled", "must be true or false, is a whole number"),
        ('[venues.okx]\nsymbols = "BTC/USDT"\n', "venues.okx.symbols", "must be a list, is text"),
        ('[venues.okx]\nsymbols = ["BTCUSDT"]\n', "venues.okx.symbols", "no symbol: 'BTCUSDT'"),
        ("[venues.okx]\nsymbols = [1]\n", "venues.okx.symbols", "must be text"),
        ("[venues.okx]\ntop = -1\n", "venues.okx.top", "must be 0 to 1000, is -1"),
        ("[venues.okx]\ntop = 1.5\n", "venues.okx.top", "must be a whole number, is a number"),
        ("[venues.okx]\npoll_seconds = 0\n", "venues.okx.poll_seconds", "must be 0.1 to 3600, is 0"),
        ("[venues.okx]\npoll_seconds = nan\n", "venues.okx.poll_seconds", "must be 0.1 to 3600, is nan"),
        ("[venues.okx]\npoll_seconds = 1" + "0" * 400 + "\n", "venues.okx.poll_seconds", "very many digits"),
        ('[venues.okx]\npoll_seconds = "5"\n', "venues.okx.poll_seconds", "must be a number, is text"),
        ('[venues.okx]\napi_url = "ftp://x"\n', "venues.okx.api_url", "must start with https:// or http://"),
        ('[venues.okx]\napi_url = "https://"\n', "venues.okx.api_url", "has no host"),
        ('[venues.okx]\napi_url = "https://x:99999"\n', "venues.okx.api_url", "no URL that can be read"),
        ('[venues.okx]\nws_url = "https://x"\n', "venues.okx.ws_url", "must start with wss:// or ws://"),
        ('[venues.okx]\nproxy = "localhost:3128"\n', "venues.okx.proxy", "must start with http:// or https://"),
        ('[desk]\ntimezone = "Asia/Hong_Kon"\n', "desk.timezone", "did you mean 'Asia/Hong_Kong'?"),
        ('[desk]\ntimezone = "../../etc/passwd"\n', "desk.timezone", "unknown timezone"),
        ('[desk]\ntheme = "midnigt"\n', "desk.theme", "did you mean 'midnight'?"),
        ('[desk]\ntimeframe = "1D"\n', "desk.timeframe", "did you mean '1d'?"),
        ('[desk]\ntimeframe = "1m"\n', "desk.timeframe", "unknown timeframe '1m'"),
        ('[desk]\nweights = "caps"\n', "desk.weights", "did you mean 'cap'?"),
        ('[desk]\nsymbol = "BTC"\n', "desk.symbol", "write BTC/USDT"),
        ('[desk]\ntimezon = "UTC"\n', "desk.timezon", "did you mean 'timezone'?"),
        ('theme = "paper"\n', "theme", "unknown key (it belongs under [desk])"),
        ("dislocation_pct = 2\n", "dislocation_pct", "it belongs under [tickers]"),
        ("poll_seconds = 2\n", "poll_seconds", "unknown key (it belongs under [venues.NAME])"),
        ('[venues.okx]\ntimezone = "UTC"\n', "venues.okx.timezone", "unknown key (it belongs under [desk])"),
        ("[tickers]\npoll_seconds = 2\n", "tickers.poll_seconds", "it belongs under [venues.NAME]"),
        ('[news]\nfile = "x"\n', "news.file", "it belongs under [baskets] or [series.NAME]"),
        (
            "[desk]\nsymbols = []\n",
            "desk.symbols",
            "did you mean 'symbol', or does it belong under [venues.NAME] or [alerts.NAME]?",
        ),
        (
            '[venues.okx]\nsymbol = "BTC/USDT"\n',
            "venues.okx.symbol",
            "did you mean 'symbols', or does it belong under [desk]?",
        ),
        ("[alerts.level]\nmin_usd = 5\n", "alerts.level.min_usd", "unknown key"),
        ("desk = 2025-11-04\n", "desk", "must be a table, is a date or time"),
        ('[keys]\nfiltr = "f"\n', "keys.filtr", "did you mean 'filter'?"),
        ('[keys]\nfilter = "q"\n', "keys.filter", "already belongs to quit"),
        ("[keys]\nfilter = 5\n", "keys.filter", "must be text"),
        ('[keys]\n"\\u001b[31m" = "f"\n', "keys.[31m", "no such action"),
        ('[baskets]\nfile = "nowhere.toml"\n', "baskets.file", "no such file"),
    ],
)
def test_a_mistake_is_named_by_its_dotted_key_and_the_rest_is_used(
    tmp_path: Path, text: str, key: str, words: str
) -> None:
    own_desk = text.startswith(("[desk]", "desk"))
    settings, problems = load(tmp_path, text if own_desk else text + "[desk]\nascii = true\n")
    assert [problem.key for problem in problems if words in str(problem)] == [key], problems
    assert str(problems[0]).startswith(str(tmp_path / "config.toml"))
    assert "\x1b" not in str(problems[0])
    assert settings.desk.ascii is not own_desk


def test_the_good_venues_stay_when_one_is_bad(tmp_path: Path) -> None:
    settings, problems = load(tmp_path, '[venues.okex]\n[venues.kraken]\ntop = "x"\npoll_seconds = 7\n')
    assert [venue.name for venue in settings.venues] == ["kraken"]
    assert settings.venues[0].poll_seconds == 7
    assert len(problems) == 2


def test_no_venue_left_is_said(tmp_path: Path) -> None:
    settings, problems = load(tmp_path, "[venues.okx]\nenabled = false\n")
    assert [venue.enabled for venue in settings.venues] == [False]
    assert "no venue is enabled" in str(problems[0])


@pytest.mark.parametrize(
    "line",
    [
        'proxy = "http://user:hunter2@"',
        'proxy = "ftp://user:hunter2@host:1"',
        'proxy = "user:hunter2@host:1"',
        'proxy = "http://user:hunter2@host:port"',
        'proxy = "http://user:hunter2@host/path"',
        'api_url = "https://host?token=hunter2"',
        'ws_url = "http://user:hun@ter2:hunter2@host"',
    ],
)
def test_a_secret_in_an_address_is_never_printed(tmp_path: Path, line: str) -> None:
    _, problems = load(tmp_path, f"[venues.okx]\n{line}\n")
    assert problems
    assert not any("hunter2" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[desk\n", "bad TOML: "),
        (b'[desk]\ntheme = "a"\ntheme = "b"\n', "line 3"),
        (b"\x00\x01", "bad TOML: "),
        (b'# fine\ntheme = "\xff"\n', "not UTF-8 text (line 2)"),
    ],
)
def test_a_file_that_is_no_toml_gives_the_defaults(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(data)
    settings, problems = load_settings(file, {})
    assert settings == DEFAULT_SETTINGS
    assert [words in str(problem) for problem in problems] == [True]


def test_a_missing_file_is_a_problem_when_it_was_named(tmp_path: Path) -> None:
    settings, problems = load_settings(tmp_path / "none.toml", {})
    assert settings == DEFAULT_SETTINGS
    assert str(problems[0]) == f"{tmp_path / 'none.toml'}: no such file or directory"


def test_a_path_of_the_users_home(tmp_path: Path) -> None:
    (tmp_path / "sectors.toml").touch()
    settings, problems = load(tmp_path, '[baskets]\nfile = "~/sectors.toml"\n')
    assert problems == ()
    assert settings.baskets_file == tmp_path / "sectors.toml"


def test_a_users_theme_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").touch()
    assert load(tmp_path, '[desk]\ntheme = "mine"\n')[1] == ()


def test_what_config_init_writes_changes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, init_text()) == (DEFAULT_SETTINGS, ())


def test_what_config_init_writes_is_right_with_every_line_in_force(tmp_path: Path) -> None:
    (tmp_path / "baskets.toml").touch()
    (tmp_path / "config.toml").touch(mode=0o600)  # as `config init` leaves it: there are addresses in it
    text = re.sub(r"^# (?=\[|\w+ = )", "", init_text(), flags=re.MULTILINE)
    settings, problems = load(tmp_path, text)
    assert problems == ()
    assert settings.desk == DeskSettings(theme="midnight", layout="desk")
    assert [venue.name for venue in settings.venues] == ["okx"]
    assert settings.venues[0].proxy is not None
    assert settings.baskets_file is not None


def test_chart_timeframes_are_timeframes() -> None:
    assert {Timeframe(name) for name in CHART_TIMEFRAMES} <= set(Timeframe)


@pytest.mark.parametrize("line", ['proxy = "proxy.corp:3128"', 'api_url = "ftp://x"', 'ws_url = "nonsense"'])
def test_a_venue_with_an_address_that_cannot_be_used_is_not_asked_elsewhere(tmp_path: Path, line: str) -> None:
    settings, problems = load(tmp_path, f"[venues.okx]\n{line}\n[venues.bybit]\n")
    assert [venue.name for venue in settings.venues] == ["bybit"]
    assert any(problem.key.startswith("venues.okx.") for problem in problems)
