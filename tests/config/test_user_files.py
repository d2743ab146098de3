"""levels.toml and notes.toml: nothing of the user's is ever lost."""

from __future__ import annotations

import fcntl
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.config import file_lock
from crashdesk.config.levels_file import edit_levels, load_levels
from crashdesk.config.notes_file import add_note, load_notes, remove_note, save_notes
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level, LevelKind, Point, TrendLine
from crashdesk.model.level_edits import Delete, Put
from crashdesk.model.records import Note, Precision
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe

NOW = 1_762_225_964_000
LINE = Level("a1", "BTC/USDT", 105_000.0, LevelKind.LINE, "my line", NOW, NOW + 1, Timeframe.H4)
SUPPORT = Level("b2", "BTC/USDT:USDT", 94_200.5, LevelKind.SUPPORT, "", NOW, NOW)
NOTE = Note("n1", NOW, Precision.MINUTE, "mine", "the line held", "", None)


def save_levels(file: Path, levels: tuple[Level, ...]) -> None:
    edit_levels(file, map(Put, levels), NOW)


def test_levels_come_back_as_they_were_saved(tmp_path: Path) -> None:
    file = tmp_path / "data" / "levels.toml"
    assert load_levels(file) == ((), ())
    save_levels(file, (LINE, SUPPORT))
    assert load_levels(file) == ((LINE, SUPPORT), ())
    assert file.stat().st_mode & 0o777 == 0o600


@given(
    st.lists(
        st.builds(
            Level,
            id=st.uuids().map(str),
            symbol=st.sampled_from(["BTC/USDT", "ETH/USDT:USDT"]),
            price=st.floats(1e-9, 1e12),
            kind=st.sampled_from(LevelKind),
            label=st.text(max_size=200).map(clean),
            created_ms=st.integers(0, NOW),
            updated_ms=st.integers(0, NOW),
            timeframe=st.sampled_from(Timeframe),
            alert=st.text(max_size=40).map(clean),
            trend=st.none()
            | st.builds(
                lambda start_ms, long_ms, start, end: TrendLine(Point(start_ms, start), Point(start_ms + long_ms, end)),
                st.integers(0, NOW),
                st.integers(1, NOW),
                st.floats(1e-9, 1e12),
                st.floats(1e-9, 1e12),
            ),
        ).map(lambda level: level if level.trend is None else level._replace(price=level.trend.end.price)),
        max_size=5,
    )
)
def test_any_levels_come_back(tmp_path_factory: pytest.TempPathFactory, levels: list[Level]) -> None:
    file = tmp_path_factory.mktemp("data") / "levels.toml"
    save_levels(file, tuple(levels))
    assert load_levels(file) == (tuple(levels), ())


def test_a_level_written_by_hand_needs_a_symbol_and_a_price(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    file.write_text('[[levels]]\nsymbol = "BTC/USDT"\nprice = 100000\n')
    level = Level("BTC/USDT@100000", "BTC/USDT", 100_000.0, LevelKind.LINE, "", 0, 0, Timeframe.D1)
    assert load_levels(file) == ((level,), ())


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[[levels]]\nsymbol = "BTC/USDT"\n', "levels[1].price", "is missing"),
        ('[[levels]]\nsymbol = "BTC"\nprice = 1\n', "levels[1].symbol", "no symbol"),
        ('[[levels]]\nsymbol = "A/B"\nprice = 0\n', "levels[1].price", "must be more than 0"),
        ('[[levels]]\nsymbol = "A/B"\nprice = nan\n', "levels[1].price", "must be 0 to 1e+15, is nan"),
        ('[[levels]]\nsymbol = "A/B"\nprice = 1\nkind = "suport"\n', "levels[1].kind", "did you mean 'support'?"),
        ('[[levels]]\nsymbol = "A/B"\nprice = 1\nlable = "x"\n', "levels[1].lable", "did you mean 'label'?"),
        ('[[levels]]\nid = "a1"\nsymbol = "A/B"\nprice = 1\n', "levels[1].id", "same id"),
        (f'[[levels]]\nsymbol = "A/B"\nprice = 1\nlabel = "{"x" * 600}"\n', "levels[1].label", "at most 500"),
        ("[[level]]\n", "level", "did you mean 'levels'?"),
    ],
)
def test_a_file_with_a_mistake_is_read_in_part_and_never_written_over(
    tmp_path: Path, text: str, key: str, words: str
) -> None:
    file = tmp_path / "levels.toml"
    save_levels(file, (LINE,))
    broken = file.read_text() + text
    file.write_text(broken)
    levels, problems = load_levels(file)
    assert levels[0] == LINE
    assert [problem.key for problem in problems if words in str(problem)] == [key], problems
    with pytest.raises(CrashdeskError, match="mistake to mend first") as error:
        edit_levels(file, [Delete("a1", NOW + 2)], NOW)
    assert str(file) in str(error.value)
    assert file.read_text() == broken


def test_a_file_that_is_no_toml_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    file.write_text("[[notes]\n")
    with pytest.raises(CrashdeskError, match="bad TOML"):
        add_note(file, "rec", NOTE)
    assert file.read_text() == "[[notes]\n"


@pytest.mark.parametrize("bad", [LINE._replace(price=math.nan), LINE._replace(symbol="BTC"), LINE._replace(price=-1.0)])
def test_what_could_not_be_read_again_is_not_saved(tmp_path: Path, bad: Level) -> None:
    file = tmp_path / "levels.toml"
    save_levels(file, (SUPPORT,))
    with pytest.raises(CrashdeskError, match="not saved"):
        save_levels(file, (bad,))
    assert load_levels(file) == ((SUPPORT,), ())


def test_a_lock_that_is_held_for_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.0)
    file = tmp_path / "levels.toml"
    save_levels(file, (LINE,))
    with (tmp_path / ".levels.toml.lock").open() as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(CrashdeskError, match="held by another crashdesk"):
            edit_levels(file, [Delete("a1", NOW + 2)], NOW)
    assert load_levels(file) == ((LINE,), ())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(CrashdeskError, match="can't be made"):
        save_levels(tmp_path / "data" / "levels.toml", (LINE,))


def test_notes_belong_to_their_recording(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    second = Note("n2", NOW + 5, Precision.DAY, "mine", 'says "no"', "desk", "https://example.org/x")
    assert add_note(file, "rec-1", NOTE) == (NOTE,)
    assert add_note(file, "rec-2", NOTE) == (NOTE,)
    assert add_note(file, "rec-1", second) == (NOTE, second)
    assert load_notes(file, "rec-1") == ((NOTE, second), ())
    assert load_notes(file, "rec-3") == ((), ())
    assert remove_note(file, "rec-1", "n1") == (second,)
    save_notes(file, "rec-1", ())
    assert load_notes(file, "rec-2") == ((NOTE,), ())


def test_a_note_with_the_same_id_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    add_note(file, "rec", NOTE)
    assert add_note(file, "rec", NOTE._replace(text="other")) == (NOTE._replace(text="other"),)


def test_what_a_note_needs(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    file.write_text('[[notes]]\nid = ""\nts_ms = 1.5\n')
    notes, problems = load_notes(file, "rec")
    assert notes == ()
    assert [problem.key for problem in problems] == [
        "notes[0].recording",
        "notes[0].id",
        "notes[0].ts_ms",
        "notes[0].text",
    ]
