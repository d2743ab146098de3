"""`crashdesk levels`: list, add, remove, import, export; what is wrong is named, what is right is kept."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.cli.main import main
from crashdesk.config.level_files import FORMATS, import_edits, level_cells, levels_toml, read_levels
from crashdesk.config.level_store import LevelStore
from crashdesk.config.levels_file import edit_levels, load_ledger, load_levels
from crashdesk.model.level import Level, LevelKind, Point, TrendLine
from crashdesk.model.level_edits import Delete, LevelLedger, Put
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe

NOW = 1_762_225_964_000
LINE = Level("a1", "BTC/USDT", 105_000.0, LevelKind.SUPPORT, 'neck, "line"', NOW, NOW + 1, Timeframe.H4, "touched")
TREND = Level(
    "t1",
    "ETH/USDT",
    3_000.5,
    LevelKind.LINE,
    "",
    NOW,
    NOW,
    trend=TrendLine(Point(NOW, 3_500.0), Point(NOW + 5, 3_000.5)),
)
LARGE = b"symbol\n" + b"BTC/USDT\n" * 500_000
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["levels", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


@pytest.fixture
def file(hermetic_environment: Path) -> Path:
    return hermetic_environment / "data/crashdesk/levels.toml"


@pytest.fixture
def two(file: Path) -> Path:
    edit_levels(file, [Put(LINE), Put(TREND)], NOW)
    return file


def test_a_level_is_added_listed_and_removed(run: Run, file: Path) -> None:
    added = ("add", "BTC/USDT", "105000", "--kind", "support", "--label", "neck", "--timeframe", "4h")
    code, out, err = run(*added, "--alert", "level")
    assert (code, err) == (0, "")
    (level,) = load_levels(file)[0]
    assert level[1:5] == ("BTC/USDT", 105_000.0, LevelKind.SUPPORT, "neck")
    assert (level.timeframe, level.alert, level.created_ms) == (Timeframe.H4, "level", level.updated_ms)
    assert out == run("list")[1] == f"{level.id}  BTC/USDT  105,000  support     4h   neck  alert level\n"
    assert run("add", "ETH/USDT", "3000.25")[0] == 0
    assert run("list", "--symbol", "ETH/USDT")[1].split()[1:4] == ["ETH/USDT", "3,000.25", "line"]
    assert run("list", "--symbol", "SOL/USDT") == (0, "", "")
    code, out, err = run("remove", level.id)
    assert (code, err) == (0, "")
    assert out.startswith(f"removed: {level.id}")
    ledger, _ = load_ledger(file)
    assert [found.symbol for found in ledger.levels] == ["ETH/USDT"]
    assert [gone.id for gone in ledger.deleted] == [level.id]


def test_an_open_desk_sees_it(run: Run, file: Path) -> None:
    desk = LevelStore(file, lambda: NOW)
    desk.load()
    run("add", "BTC/USDT", "105000")
    news = desk.look()
    assert news is not None
    assert [level.price for level in news.levels] == [105_000.0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "BTC", "105000"), "symbol: no symbol: 'BTC' (write BTC/USDT"),
        (("add", "BTC/USDT", "0"), "price: must be more than 0"),
        (("add", "BTC/USDT", "-5"), "price: must be 0 to 1e+15"),
        (("add", "BTC/USDT", "1e300"), "price: must be 0 to 1e+15"),
        (("add", "BTC/USDT", "nan"), "price: must be 0 to 1e+15"),
        (("add", "BTC/USDT", "dear\x1b"), "no price: 'dear'"),
        (("add", "BTC/USDT", "105,000"), "no price: '105,000' (write 105000)"),
        (("add", "BTC/USDT", "5", "--label", "x" * 10_000), "label: must have at most 500 characters, has 10000"),
        (("add", "BTC/USDT", "5", "--kind", "suport"), "did you mean 'support'?"),
        (("add", "BTC/USDT", "5", "--alert", "levl"), "no alert of levels 'levl' (did you mean 'level'?)"),
        (("add", "BTC/USDT", "5", "--alert", "cascade"), "no alert of levels 'cascade' (known: level)"),
        (("export", "levels.xlsx"), "of which format?"),
    ],
)
def test_wrong_usage_is_one_sentence_and_changes_nothing(
    run: Run, file: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
    assert not file.exists()


def test_an_unknown_id_removes_nothing(run: Run, two: Path) -> None:
    code, out, err = run("remove", "t1", "a2")
    assert (code, out) == (1, "")
    assert "no level 'a2' (known: a1, t1); nothing was removed" in err
    assert len(load_levels(two)[0]) == 2


def test_a_file_with_a_mistake_is_said_and_stays(run: Run, two: Path) -> None:
    text = two.read_text() + "\n[[levels]]\nprice = 5\n"
    two.write_text(text)
    code, out, err = run("list")
    assert code == 0
    assert len(out.splitlines()) == 2
    assert "levels[2].symbol: is missing" in err
    code, out, err = run("add", "BTC/USDT", "5")
    assert (code, out) == (1, "")
    assert "mistake to mend first" in err
    assert two.read_text() == text


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_can_be_read_elsewhere_and_imported(run: Run, two: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"plan.{form}"
    assert run("export", out) == (0, "", "")
    text = out.read_text()
    assert text == run("export", "--format", form)[1] == run("list", "--format", form)[1]
    if form == "csv":
        rows: list[dict[str, object]] = list(csv.DictReader(io.StringIO(text)))
    else:
        rows = json.loads(text) if form == "json" else tomllib.loads(text)["levels"]
    assert [(row["id"], row["label"]) for row in rows] == [("a1", 'neck, "line"'), ("t1", "")]
    assert float(str(rows[0]["price"])) == 105_000.0
    two.unlink()
    code, _, err = run("import", out)
    assert (code, err) == (0, "crashdesk: levels imported: 2 new\n")
    assert load_levels(two) == ((LINE._replace(alert=""), TREND), ())
    assert run("import", out)[2] == "crashdesk: levels imported: 2 as they were\n"
    code, _, err = run("export", out)
    assert code == 1
    assert "already there and left as it is" in err


_words = st.text(max_size=60).map(clean)
_ids = st.uuids().map(lambda made: made.hex[:8])
_prices = st.floats(1e-9, 1e12)


@given(
    levels=st.lists(
        st.builds(
            Level,
            _ids,
            st.sampled_from(["BTC/USDT", "ETH/USDT:USDT"]),
            _prices,
            st.sampled_from(LevelKind),
            _words,
            st.integers(0, NOW),
            st.integers(0, NOW),
            st.sampled_from(Timeframe),
            alert=st.just(""),
            trend=st.none(),
        ),
        max_size=4,
        unique_by=lambda level: level.id,
    ),
    form=st.sampled_from(FORMATS),
)
def test_any_levels_go_round(tmp_path_factory: pytest.TempPathFactory, levels: list[Level], form: str) -> None:
    from crashdesk.cli.levels import _written

    file = tmp_path_factory.mktemp("plan") / f"plan.{form}"
    file.write_text(_written(levels, form) or "levels = []\n")
    assert read_levels(file, form) == (tuple(levels), ())


CSV = """\
symbol,price,kind,label
BTC/USDT,105000,support,"neck, tested"
BTC,100000,,
BTC/USDT,0,,
BTC/USDT,dear,,

BTC/USDT,94200,suport,
BTC/USDT,1,line,two,cells
BTC/USDT,105000,stop,again
ETH/USDT,3000,,[b]x[/b]
"""
CSV_WRONG = {
    "line 3: symbol": "no symbol: 'BTC'",
    "line 4: price": "must be more than 0, is 0",
    "line 5: price": "must be a number, is text",
    "line 7: kind": "unknown kind 'suport'",
    "line 8": "has more cells than the head",
    "line 9": "an earlier row has the same id",
}
JSON = '[{"symbol": "BTC/USDT", "price": 105000, "kind": null},\n5,\n{"symbol": "BTC/USDT", "price": 1, "prise": 2}]'
TOML = (
    '[[levels]]\nsymbol = "BTC/USDT"\nprice = 105000\n\n[[levels]]\nsymbol = "BTC/USDT"\nprice = -1\n'
    '[[deleted]]\nid = "a1"\ndeleted_ms = 5\n'
)


@pytest.mark.parametrize(
    ("form", "text", "wrong", "good"),
    [
        ("csv", CSV, CSV_WRONG, ["BTC/USDT@105000", "ETH/USDT@3000"]),
        ("json", JSON, {"row 2": "is no object", "row 3: prise": "unknown key"}, ["BTC/USDT@105000"]),
        ("toml", TOML, {"line 5: price": "must be 0 to 1e+15"}, ["BTC/USDT@105000"]),
    ],
)
def test_wrong_rows_are_named_by_line_and_reason_and_left_out(
    run: Run, two: Path, tmp_path: Path, form: str, text: str, wrong: dict[str, str], good: list[str]
) -> None:
    plan = tmp_path / f"plan.{form}"
    plan.write_text(text)
    before = two.read_bytes()
    code, _, err = run("import", plan, "--strict")
    assert code == 1
    assert err.endswith("nothing was imported (--strict)\n")
    assert two.read_bytes() == before
    code, _, err = run("import", plan)
    lines = err.splitlines()
    assert code == 1
    assert lines[-1] == f"crashdesk: levels imported: {len(good)} new, {len(wrong)} left out"
    assert len(lines) == len(wrong) + 1
    for line, (key, words) in zip(lines, wrong.items(), strict=False):
        assert f"{plan}: {key}: {words}" in line
    assert [level.id for level in load_levels(two)[0]] == ["a1", "t1", *good]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", b"", "line 1: no column 'symbol'"),
        ("x.csv", b"symbol,lable\n", "unknown column 'lable' (did you mean 'label'?)"),
        ("x.csv", b'symbol\n"BTC', "bad CSV"),
        ("x.json", b"{}", "must be a list of objects"),
        ("x.json", b"[" * 100_000, "bad JSON"),
        ("x.json", b'[\n{"a"]', "line 2: bad JSON"),
        ("x.toml", b"x = \n", "bad TOML"),
        ("x.toml", b"x = 1\n", "has no [[levels]]"),
        ("x.toml", b"\xff\xfe", "not UTF-8"),
        ("x.csv", LARGE, "larger than 4 MB"),
        ("missing.csv", None, "no such file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_none_is_one_sentence(
    run: Run, two: Path, tmp_path: Path, name: str, data: bytes | None, words: str
) -> None:
    plan, before = tmp_path / name, two.read_bytes()
    if data is not None:
        plan.write_bytes(data)
    code, out, err = run("import", plan)
    assert (code, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1
    assert two.read_bytes() == before


def test_what_is_imported_comes_with_alerts_off_and_leaves_yours_alone() -> None:
    there = LevelLedger((LINE,), (Delete("t1", NOW + 50),))
    assert import_edits([LINE._replace(alert="", updated_ms=1)], there) == []
    moved = LINE._replace(alert="", price=1.0, updated_ms=1)
    assert import_edits([moved, TREND], there) == [
        Put(moved._replace(updated_ms=NOW + 2)),
        Put(TREND._replace(updated_ms=NOW + 51)),
    ]


def test_a_hundred_thousand_rows_are_refused(run: Run, two: Path, tmp_path: Path) -> None:
    plan, before = tmp_path / "plan.csv", two.read_bytes()
    plan.write_text("symbol,price\n" + "".join(f"BTC/USDT,{n + 1}\n" for n in range(100_000)))
    code, _, err = run("import", plan)
    assert code == 1
    assert "more than 10,000 levels" in err
    assert two.read_bytes() == before


def test_cells_and_toml_are_what_is_read_again(tmp_path: Path) -> None:
    assert level_cells(TREND)[2] is None
    file = tmp_path / "x.toml"
    file.write_text(levels_toml([LINE, TREND]))
    assert load_levels(file) == ((LINE, TREND), ())


def test_the_readme_example_is_right(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (example,) = [part for part in readme.split("```toml\n")[1:] if part.startswith("[[levels]]")]
    file = tmp_path / "levels.toml"
    file.write_text(example.partition("```")[0])
    levels, problems = load_levels(file)
    assert problems == ()
    assert [(level.price, level.label, level.alert) for level in levels] == [(105_000.0, "neckline", "my_levels")]
