"""Themes of a desk that runs: what is saved is seen, what is broken leaves the last good one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crashdesk.config.remembered import Remembered, load_remembered, remember
from crashdesk.config.theme_shelf import ThemeNews, ThemeShelf
from crashdesk.config.themes import Themes


def save(file: Path, text: str) -> Path:
    """As editors do: the new text under another name, then in the place of the old."""
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(file)


def look(shelf: ThemeShelf) -> ThemeNews:
    news = shelf.look()
    assert news is not None
    return news


def test_a_change_is_seen_once_and_nothing_else_is_read(tmp_path: Path) -> None:
    save(tmp_path / "other.toml", '[base]\ntext = "#12345g"\n')
    mine = save(tmp_path / "mine.toml", '[base]\ntext = "#aaaaaa"\n')
    shelf = ThemeShelf(tmp_path)
    first = look(shelf)
    assert first.themes["mine"].base.text == "#aaaaaa"
    assert [problem.key for problem in first.problems] == ["base.text"]
    assert shelf.look() is None
    save(mine, '[base]\ntext = "#bbbbbb"\n')
    second = look(shelf)
    assert second.themes["mine"].base.text == "#bbbbbb"
    # the mistake in the other file was told before
    assert second.problems == ()
    assert shelf.look() is None


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('[base]\ntext = "whit"\n', "base.text: no colour: 'whit'"),
        ('[base\ntext = "#cccccc"\n', "bad TOML"),
        ('[base]\ntext = "#cccccc"\n[market]\nheat = []\n', "market.heat: must have an odd number"),
    ],
)
def test_a_broken_one_leaves_the_last_good_one_until_it_is_mended(tmp_path: Path, broken: str, words: str) -> None:
    mine = save(tmp_path / "mine.toml", '[base]\ntext = "#aaaaaa"\n')
    shelf = ThemeShelf(tmp_path)
    good = look(shelf).themes["mine"]
    save(mine, broken)
    news = look(shelf)
    assert news.themes["mine"] == good
    assert words in str(news.problems[0])
    assert str(news.problems[-1]) == f"{mine}: the theme stays as it was before this change"
    assert shelf.look() is None
    save(mine, '[base]\ntext = "#dddddd"\n')
    mended = look(shelf)
    assert mended.themes["mine"].base.text == "#dddddd"
    assert mended.problems == ()


def test_a_warning_does_not_hold_a_change_up(tmp_path: Path) -> None:
    mine = save(tmp_path / "mine.toml", "")
    shelf = ThemeShelf(tmp_path)
    shelf.look()
    save(mine, '[base]\ntext = "#333333"\n')
    news = look(shelf)
    assert news.themes["mine"].base.text == "#333333"
    assert ["is hard to read" in str(problem) for problem in news.problems] == [True]


def test_themes_come_and_go(tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    shelf = ThemeShelf(folder)
    assert dict(look(shelf).themes) == dict(Themes())
    assert shelf.look() is None
    mine = save(folder / "mine.toml", "")
    assert "mine" in look(shelf).themes
    own_paper = save(folder / "paper.toml", '[base]\ntext = "#000000"\n')
    assert look(shelf).themes["paper"].base.text == "#000000"
    mine.unlink()
    own_paper.unlink()
    assert dict(look(shelf).themes) == dict(Themes())


def test_a_change_that_keeps_size_and_time_is_seen_by_its_file(tmp_path: Path) -> None:
    mine = save(tmp_path / "mine.toml", '[base]\ntext = "#aaaaaa"\n')
    times = mine.stat()
    shelf = ThemeShelf(tmp_path)
    shelf.look()
    kept = mine.rename(tmp_path / "kept")
    save(mine, '[base]\ntext = "#bbbbbb"\n')
    os.utime(mine, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert kept.exists()
    assert look(shelf).themes["mine"].base.text == "#bbbbbb"


def test_what_was_chosen_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "data" / "desk.toml"
    assert load_remembered(file) == Remembered()
    remember(file, lambda kept: kept._replace(theme="paper"))
    assert load_remembered(file).theme == "paper"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.stat().st_mtime_ns
    remember(file, lambda kept: kept._replace(theme="paper"))
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("text", ["theme = 7\n", "= broken", 'theme = "a"\nother = "b"\n', "\xff"])
def test_a_memory_that_is_spoilt_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_bytes(text.encode("latin-1"))
    assert load_remembered(file).theme in {"", "a"}
    remember(file, lambda kept: kept._replace(theme="amber"))
    assert load_remembered(file).theme == "amber"
