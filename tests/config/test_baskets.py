from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.baskets import load_baskets


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_users_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'title = "Mine"\nas_of = "2025-11-01"\nsource = "me"\n'
        '[[sector]]\nname = "A"\nmembers = ["BTC", "ETH"]\ncaps = [2000, 430.5]\n'
        '[[sector]]\nname = "B"\nmembers = ["SOL"]\n',
    )
    baskets, problems = load_baskets(file)
    assert problems == ()
    assert (baskets.title, baskets.as_of, baskets.source) == ("Mine", "2025-11-01", "me")
    assert [(s.name, s.members, s.caps) for s in baskets.sectors] == [
        ("A", ("BTC", "ETH"), (2000.0, 430.5)),
        ("B", ("SOL",), (None,)),
    ]


@pytest.mark.parametrize(
    ("body", "key", "what"),
    [
        ('name = "A"\nmembers = ["BTC", "ETH"]\ncaps = [1]', "sector[1].caps", "has 1 entries for 2 members"),
        ('name = "A"\nmembers = ["BTC"]\ncaps = [0]', "sector[1].caps", "above zero, has 0"),
        ('name = "A"\nmembers = ["BTC"]\ncaps = [nan]', "sector[1].caps", "above zero, has nan"),
        ('name = "A"\nmembers = ["BTC"]\ncaps = ["1"]', "sector[1].caps", "above zero, has text"),
        ('name = "A"\nmembers = ["BTC", "DOGE"]', "sector[1].members", "'DOGE' is in Good already"),
        ('name = "A"\nmembers = ["BTC", "BTC"]', "sector[1].members", "'BTC' is in A already"),
        ('name = "A"\nmembers = []', "sector[1].members", "is empty"),
        ('name = "A"', "sector[1].members", "is missing"),
        ('members = ["BTC"]', "sector[1].name", "is missing"),
        ('name = "Good"\nmembers = ["BTC"]', "sector[1].name", "'Good' is the name of another sector"),
        ('name = "A"\nmembers = ["BTC/USDT"]', "sector[1].members", "is no coin"),
        ('name = "A"\nmembres = ["BTC"]\nmembers = ["BTC"]', "sector[1].membres", "unknown key"),
    ],
)
def test_problems_name_file_and_key_and_the_rest_is_used(tmp_path: Path, body: str, key: str, what: str) -> None:
    file = written(tmp_path, f'title = "T"\n[[sector]]\nname = "Good"\nmembers = ["DOGE"]\n[[sector]]\n{body}\n')
    baskets, problems = load_baskets(file)
    assert baskets.sectors[0].members == ("DOGE",)
    (problem,) = problems
    assert (problem.file, problem.key) == (file, key)
    assert what in problem.what


@pytest.mark.parametrize("text", ["", "not toml [", 'title = "T"', "sector = 3"])
def test_without_any_sector_the_built_in_ones_stay(tmp_path: Path, text: str) -> None:
    baskets, problems = load_baskets(written(tmp_path, text))
    assert baskets == load_baskets(None)[0]
    assert problems


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    baskets, problems = load_baskets(tmp_path / "none.toml")
    assert baskets == load_baskets(None)[0]
    assert [p.file for p in problems] == [tmp_path / "none.toml"]
