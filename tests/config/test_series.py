"""`[series.NAME]` and the CSV files they name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crashdesk.config.load import load_settings
from crashdesk.config.series_file import load_series
from crashdesk.config.settings import SeriesSettings
from crashdesk.model.timeframe import DAY_MS, HOUR_MS


def _day(day: int) -> int:
    return int(datetime(2025, 11, day, tzinfo=UTC).timestamp() * 1000)


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "flows.csv"
    path.write_text(text)
    return path


def test_a_table_names_file_title_unit_and_column(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[series.etf_flows]\nfile = "flows.csv"\ntitle = "US ETF flows"\nunit = "M$"\ncolumn = "total"\n'
        '[series.holders]\nfile = "~/h.csv"\nknown_after = "21h"\n'
    )
    settings, problems = load_settings(config, {"HOME": "/home/me"})
    assert problems == ()
    assert settings.series == (
        SeriesSettings("etf_flows", tmp_path / "flows.csv", "US ETF flows", "M$", "total", DAY_MS),
        SeriesSettings("holders", Path("/home/me/h.csv"), "holders", "", "", 21 * HOUR_MS),
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('[series.a]\ntitle = "x"\n', "series.a.file"),
        ('[series."A b"]\nfile = "x"\n', 'series."A b"'),
        ("[series]\na = 1\n", "series.a"),
        ('[series.a]\nfile = "x"\nknown_after = "soon"\n', "series.a.known_after"),
        ('[series.a]\nfile = "x"\ncolum = "y"\n', "series.a.colum"),
    ],
)
def test_wrong_tables_are_named_by_key(tmp_path: Path, written: str, key: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(written)
    assert [problem.key for problem in load_settings(config, {})[1]] == [key]


def test_figures_as_people_write_them(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        'date,ibit,total\n2025-11-04,1,-5.5\n2025-10-31,2,-\n2025-11-03,x,(946.0)\n\n2025-11-01,3,"1,234.5"\n',
    )
    series, problems = load_series(SeriesSettings("flows", path, column="Total"))
    assert problems == ()
    assert series.at_ms == (_day(1), _day(3), _day(4))
    assert series.values == (1234.5, -946.0, -5.5)


def test_without_a_column_the_one_behind_the_dates_counts(tmp_path: Path) -> None:
    assert load_series(SeriesSettings("a", _file(tmp_path, "day,x,y\n2025-11-03,7,8\n")))[0].values == (7.0,)
    assert load_series(SeriesSettings("a", _file(tmp_path, "x,date,value\n1,2025-11-03,8\n")))[0].values == (8.0,)


def test_wrong_lines_are_named_and_the_others_used(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "date,value\n2025-11-01,1\nnow,2\n2025-11-02,two\n2025-11-03,nan\n2025-11-03\n2025-11-01,9\n2025-11-04,1e400\n",
    )
    series, problems = load_series(SeriesSettings("flows", path))
    assert (series.at_ms, series.values) == ((_day(1),), (9.0,))
    assert [(problem.key, problem.what) for problem in problems] == [
        ("line 3", "not a date: 'now'"),
        ("line 4", "not a number: 'two'"),
        ("line 5", "not a number: 'nan'"),
        ("line 6", "has 1 cells, the head has more"),
        ("line 7", "'2025-11-01' is there already"),
        ("line 8", "not a number: '1e400'"),
    ]


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        ("", "line 1", "needs a head and two columns"),
        ("date,value\n" * 1, "", ""),
        ("date,total\n2025-11-03,1\n", "line 1", "no column 'value2'"),
        ('date,value2\n"2025', "line 2", "bad CSV"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str, key: str, what: str) -> None:
    column = "value2" if "total" in text else ""
    series, problems = load_series(SeriesSettings("flows", _file(tmp_path, text), column=column))
    assert series.values == ()
    if not what:
        assert problems == ()
    else:
        assert problems[0].key == key
        assert what in problems[0].what


def test_a_missing_file_a_folder_and_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"date,value\n\xff\n")
    for name, what in (("none.csv", "no such file"), (".", "is a directory"), ("bytes.csv", "not UTF-8 text")):
        series, problems = load_series(SeriesSettings("flows", tmp_path / name))
        assert series.values == ()
        assert [what in problem.what for problem in problems] == [True]


def test_a_file_of_wrong_lines_is_told_shortly(tmp_path: Path) -> None:
    _, problems = load_series(SeriesSettings("flows", _file(tmp_path, "date,value\n" + "x,y\n" * 5_000)))
    assert len(problems) == 11
    assert problems[-1].what == "4990 more lines are wrong"
