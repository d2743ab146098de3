"""What the user wrote in levels.toml and notes.toml by hand stays, and files that were not written by us are edited."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.config.levels_file import edit_levels, load_ledger, load_levels
from crashdesk.config.notes_file import add_note, remove_note
from crashdesk.config.toml_rows import has_comments
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import KEPT_MS, Delete, LevelEdit, Put
from crashdesk.model.records import Note, Precision

NOW = 1_762_225_964_000

BY_HAND = """\
# my lines; ask before you touch them
[[levels]]
id = "neck"       # of the head and shoulders
symbol = "BTC/USDT"
price = 105_000   # tested three times
label = "neck \\"#1\\""

# the old high
[[ levels ]]
symbol = 'BTC/USDT'
price = 109_800.0

# nothing below this line yet
"""


def level(name: str, price: float, updated_ms: int = NOW) -> Level:
    return Level(name, "BTC/USDT", price, LevelKind.LINE, "", NOW, updated_ms)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "levels.toml"
    path.write_text(BY_HAND)
    return path


def test_what_does_not_change_stays_as_it_was_written(file: Path) -> None:
    edit_levels(file, [Put(level("new", 94_200.0))], NOW)
    assert file.read_text() == BY_HAND + (
        '\n[[levels]]\nid = "new"\nsymbol = "BTC/USDT"\nprice = 94200.0\nkind = "line"\nlabel = ""\n'
        f'timeframe = "1d"\ncreated_ms = {NOW}\nupdated_ms = {NOW}\n'
    )


def test_comments_stay_where_a_level_is_changed(file: Path) -> None:
    there = load_levels(file)[0][0]
    edit_levels(file, [Put(there._replace(price=104_000.5, updated_ms=NOW))], NOW)
    text = file.read_text()
    assert "price = 104000.5" in text
    for comment in ("# my lines", "# of the head and", "# tested three times", "# the old high", "# nothing below"):
        assert comment in text
    assert load_levels(file) == ((there._replace(price=104_000.5, updated_ms=NOW), load_levels(file)[0][1]), ())


def test_comments_around_a_level_that_is_removed_stay(file: Path) -> None:
    edit_levels(file, [Delete("neck", NOW), Delete("BTC/USDT@109800", NOW)], NOW)
    text = file.read_text()
    for comment in ("# my lines", "# the old high", "# nothing below"):
        assert comment in text
    assert tomllib.loads(text) == {
        "deleted": [{"id": "neck", "deleted_ms": NOW}, {"id": "BTC/USDT@109800", "deleted_ms": NOW}]
    }


def test_comments_stay_in_notes_too(tmp_path: Path) -> None:
    file = tmp_path / "notes.toml"
    note = Note("n1", NOW, Precision.MINUTE, "mine", "it held", "", None)
    add_note(file, "rec", note)
    file.write_text(file.read_text() + "# for the report\n")
    add_note(file, "rec", note._replace(id="n2"))
    remove_note(file, "rec", "n1")
    assert "# for the report" in file.read_text()


def test_rows_in_one_list_are_written_anew_unless_comments_would_be_lost(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    file.write_text('levels = [{symbol = "BTC/USDT", price = 100000}]\n')
    edit_levels(file, [Put(level("new", 1.0))], NOW)
    assert [found.id for found in load_levels(file)[0]] == ["BTC/USDT@100000", "new"]
    commented = 'levels = [\n  {symbol = "BTC/USDT", price = 100000}, # round\n]\n'
    file.write_text(commented)
    with pytest.raises(CrashdeskError, match=r"comments would be lost: give each row its own \[\[levels\]\]"):
        edit_levels(file, [Put(level("new", 1.0))], NOW)
    assert file.read_text() == commented


def test_texts_over_lines_are_no_rows(tmp_path: Path) -> None:
    """`[[levels]]` inside of a text is no row: the file is refused or right, never spoiled."""
    file = tmp_path / "levels.toml"
    written = '[[levels]]\nsymbol = "BTC/USDT"\nprice = 1\nlabel = """a\n[[levels]]\n# b"""\n'
    file.write_text(written)
    with pytest.raises(CrashdeskError, match="not saved"):
        edit_levels(file, [Put(level("new", 1.0))], NOW)
    assert file.read_text() == written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1 # x\n", True),
        ("# x", True),
        ("a = \"# no\"\nb = '#'\n", False),
        ('a = "\\"# no"\n', False),
        ('a = "\\\\" # yes\n', True),
        ('a = """#"""', True),
        ("a = '''\n'''", True),
        ("a = 1\n", False),
        ('a = "' + "x" * 10_000 + '"\n', False),
    ],
)
def test_comments_are_told_from_texts(text: str, found: bool) -> None:
    assert has_comments(text) is found


def test_an_older_edit_changes_nothing_and_deletions_stay(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    edit_levels(file, [Put(level("a", 2.0, NOW + 5))], NOW)
    assert edit_levels(file, [Put(level("a", 1.0, NOW)), Delete("a", NOW)], NOW).levels == (level("a", 2.0, NOW + 5),)
    edit_levels(file, [Delete("a", NOW + 6), Put(level("a", 1.0, NOW + 5))], NOW)
    assert load_ledger(file)[0] == ((), (Delete("a", NOW + 6),))
    assert file.read_text().count("[[") == 2, "its own head and the deletion"
    edit_levels(file, [Put(level("a", 3.0, NOW + 7))], NOW)
    assert load_ledger(file)[0] == ((level("a", 3.0, NOW + 7),), ())


def test_a_deletion_is_forgotten_after_thirty_days(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    edit_levels(file, [Delete("a", NOW)], NOW)
    edit_levels(file, [Put(level("b", 1.0))], NOW + KEPT_MS - 1)
    assert load_ledger(file)[0].deleted == (Delete("a", NOW),)
    edit_levels(file, [Put(level("c", 1.0))], NOW + KEPT_MS)
    assert load_ledger(file)[0].deleted == ()


def test_a_deleted_level_that_is_pasted_back_is_named(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    edit_levels(file, [Put(level("a", 1.0))], NOW)
    text = file.read_text()
    edit_levels(file, [Delete("a", NOW + 1)], NOW)
    file.write_text(text + file.read_text())
    levels, problems = load_levels(file)
    assert levels == ()
    assert [(problem.key, problem.what) for problem in problems] == [("levels[0].id", "is one that was deleted")]


def test_a_level_without_id_may_be_written_again_after_it_was_deleted(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    by_hand = '[[levels]]\nsymbol = "BTC/USDT"\nprice = 100000 # round\n'
    file.write_text(by_hand)
    edit_levels(file, [Delete("BTC/USDT@100000", NOW)], NOW)
    assert load_levels(file) == ((), ())
    file.write_text(by_hand + file.read_text())
    assert [found.price for found in load_levels(file)[0]] == [100_000.0]
    for at in (NOW, NOW + 2 * KEPT_MS):
        edit_levels(file, [Put(level("b", 1.0, at))], at)
        levels, problems = load_levels(file)
        assert problems == ()
        assert {found.id for found in levels} == {"BTC/USDT@100000", "b"}
        assert "# round" in file.read_text()
    assert edit_levels(file, [Delete("BTC/USDT@100000", NOW + 9)], NOW).levels == (level("b", 1.0, NOW + 2 * KEPT_MS),)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("start_ms = 5\nstart_price = 1\nend_ms = 5\nend_price = 2\n", "end_ms", "must be later than start_ms"),
        ("start_ms = 5\nstart_price = 0\nend_ms = 9\nend_price = 2\n", "start_price", "must be more than 0"),
        ("start_ms = 5\nend_ms = 9\nend_price = 2\n", "start_ms", "needs start_ms, start_price, end_ms and end_price"),
        ("price = 3\nstart_ms = 5\nstart_price = 1\nend_ms = 9\nend_price = 2\n", "price", "is not end_price"),
        ("price = 1e300\n", "price", "must be 0 to 1e+15"),
        ("price = -1\n", "price", "must be 0 to 1e+15"),
        ('price = 1\nlabel = """' + "x" * 10_000 + '"""\n', "label", "at most 500 characters, has 10000"),
        ("price = 1\nalert = 5\n", "alert", "must be text"),
    ],
)
def test_wrong_rows_are_named_by_key_and_reason(tmp_path: Path, text: str, key: str, words: str) -> None:
    file = tmp_path / "levels.toml"
    file.write_text(f'[[levels]]\nsymbol = "BTC/USDT"\n{text}')
    problems = load_levels(file)[1]
    assert [problem.key for problem in problems if words in str(problem)] == [f"levels[0].{key}"], problems


_names = st.sampled_from("abcdef")
_edits = st.lists(
    st.one_of(
        st.builds(
            lambda name, price, at: Put(level(name, price, at)), _names, st.floats(1, 9), st.integers(NOW, NOW + 9)
        ),
        st.builds(Delete, _names, st.integers(NOW, NOW + 9)),
    ),
    max_size=12,
)


@given(edits=_edits, comments=st.lists(st.sampled_from(["# one", "  # two # 2", ""]), min_size=3, max_size=3))
def test_any_edits_leave_a_file_that_holds_them(
    tmp_path_factory: pytest.TempPathFactory, edits: list[LevelEdit], comments: list[str]
) -> None:
    """Against the newest edit of every id, the later one of equals; all comments between rows are there at the end."""
    file = tmp_path_factory.mktemp("data") / "levels.toml"
    first, between, last = comments
    row = '[[levels]]\nid = "{}"\nsymbol = "BTC/USDT"\nprice = {}\nupdated_ms = {} # inside\n'
    file.write_text(f"{first}\n{row.format('a', 1, NOW)}{between}\n\n{row.format('b', 2, NOW)}{last}\n")
    newest: dict[str, LevelEdit] = {name: Put(level(name, price)) for name, price in (("a", 1.0), ("b", 2.0))}
    for edit in edits:
        edit_levels(file, [edit], NOW)
        if edit.id not in newest or edit.at_ms >= newest[edit.id].at_ms:
            newest[edit.id] = edit
    ledger, problems = load_ledger(file)
    assert problems == ()
    assert {found.id: found.price for found in ledger.levels} == {
        edit.id: edit.level.price for edit in newest.values() if isinstance(edit, Put)
    }
    assert sorted(ledger.deleted) == sorted(edit for edit in newest.values() if isinstance(edit, Delete))
    assert all(comment.strip() in file.read_text() for comment in comments)
