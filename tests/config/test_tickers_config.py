"""`[tickers]` and `[groups]`: what is taken, and the sentence about each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.load import load_settings
from crashdesk.config.ticker_settings import (
    TICKER_COLUMNS,
    TickerGroup,
    TickerSettings,
    columns_markdown,
    known_columns,
)
from crashdesk.desk.tickers.columns import COLUMNS

NO_MEMBER = 'is no coin, symbol, sector or top list (write "BTC", "BTC/USDT", "sector:DeFi" or "top 20 by volume")'


def _load(tmp_path: Path, text: str) -> tuple[TickerSettings, list[str]]:
    file = tmp_path / "config.toml"
    file.write_text(text)
    settings, problems = load_settings(file, {})
    return settings.tickers, [str(problem).removeprefix(f"{file}: ") for problem in problems]


def test_columns_and_groups_as_written(tmp_path: Path) -> None:
    settings, problems = _load(
        tmp_path,
        '[tickers]\ncolumns = ["symbol", "5m", "last", "oi"]\ndislocation_pct = 0.5\n'
        '[groups]\nmine = ["btc", "ETH/USDT", "sol/usdt:usdt"]\n"my defi" = "sector:DeFi"\nbusy = ["top 20"]\n',
    )
    assert problems == []
    assert settings.columns == ("symbol", "5m", "last", "oi")
    assert settings.dislocation_pct == 0.5
    assert settings.groups == (
        TickerGroup("mine", ("BTC", "ETH/USDT", "SOL/USDT:USDT")),
        TickerGroup("my defi", ("sector:DeFi",)),
        TickerGroup("busy", ("top 20 by volume",)),
    )


@pytest.mark.parametrize(
    ("text", "columns", "sentence"),
    [
        (
            'columns = ["last", "fundng"]',
            ("symbol", "last"),
            "tickers.columns: unknown column 'fundng' (did you mean 'funding'?)",
        ),
        (
            'columns = ["symbol", "last", "last"]',
            ("symbol", "last"),
            "tickers.columns: 'last' is there twice (the first one counts)",
        ),
        ("columns = []", (), "tickers.columns: names no column (the usual ones are shown)"),
        ('columns = "last"', (), "tickers.columns: must be a list, is text (put it in [ ])"),
        ("dislocation_pct = -1", (), "tickers.dislocation_pct: must be 0 to 100, is -1"),
        ("colums = []", (), "tickers.colums: unknown key (did you mean 'columns'?)"),
    ],
)
def test_a_wrong_tickers_table(tmp_path: Path, text: str, columns: tuple[str, ...], sentence: str) -> None:
    settings, problems = _load(tmp_path, f"[tickers]\n{text}\n")
    assert settings.columns == columns
    assert sentence in problems


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('all = ["BTC"]', "groups.all: is built in: it has every symbol (choose another name)"),
        ("mine = []", "groups.mine: must have 1 to 1000 entries, has 0"),
        ("mine = 5", "groups.mine: must be text, is a whole number (put it in quotes)"),
        (
            'mine = ["top 0"]',
            f"groups.mine: 'top 0' {NO_MEMBER}",
        ),
        (
            'mine = "sectr:DeFi"',
            f"groups.mine: 'sectr:DeFi' {NO_MEMBER}",
        ),
    ],
)
def test_a_wrong_group(tmp_path: Path, text: str, sentence: str) -> None:
    settings, problems = _load(tmp_path, f'[groups]\n{text}\nother = ["ETH"]\n')
    assert settings.groups == (TickerGroup("other", ("ETH",)),)
    assert problems == [sentence]


def test_columns_of_an_earlier_time_are_those_that_are_known() -> None:
    assert known_columns(("last", "gone", "last", "oi")) == ("symbol", "last", "oi")


def test_the_readme_holds_the_table_of_columns() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = text.split("<!-- columns -->")[1].split("<!-- /columns -->")[0].strip()
    assert table == columns_markdown().strip()


def test_every_column_can_be_drawn_and_sorted_by_a_letter_of_its_own() -> None:
    assert list(COLUMNS) == list(TICKER_COLUMNS)
    letters = [column.letter for column in COLUMNS.values()]
    assert len(set(letters)) == len(letters)
    assert all(column.letter in column.title.lower() for column in COLUMNS.values())
