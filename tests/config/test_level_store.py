"""A desk's side of levels.toml: changes of others are seen, edits that can't be saved wait, nothing is overwritten."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from crashdesk.config import file_lock
from crashdesk.config.level_store import LevelStore
from crashdesk.config.levels_file import edit_levels, load_ledger, load_levels
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Delete, Put

NOW = 1_762_225_964_000
BROKEN = '[[levels]]\nsymbol = "BTC/USDT"\nprice = 100000\n\n[[levels]]\nsymbol = "BTC/USDT"\nprise = 5\n'


def level(name: str, price: float = 100_000.0, updated_ms: int = NOW) -> Level:
    return Level(name, "BTC/USDT", price, LevelKind.LINE, "", NOW, updated_ms)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "levels.toml"


@pytest.fixture
def store(file: Path) -> LevelStore:
    return LevelStore(file, lambda: NOW)


def test_an_edit_is_in_the_file_at_once_and_news_only_once(file: Path, store: LevelStore) -> None:
    assert store.load() == ((), ())
    assert store.look() is None
    assert store.save([Put(level("a"))]) == ((level("a"),), (), (), "")
    assert load_levels(file)[0] == (level("a"),)
    assert file.stat().st_mode & 0o777 == 0o600
    news = store.look()
    assert news is not None
    assert news.levels == (level("a"),)
    assert store.look() is None


def test_what_another_desk_or_an_editor_changes_is_seen(file: Path, store: LevelStore) -> None:
    store.load()
    edit_levels(file, [Put(level("theirs"))], NOW)
    news = store.look()
    assert news is not None
    assert news.levels == (level("theirs"),)
    file.write_text('[[levels]]\nsymbol = "ETH/USDT"\nprice = 3000\n')
    news = store.look()
    assert news is not None
    assert [(found.symbol, found.price) for found in news.levels] == [("ETH/USDT", 3_000.0)]
    file.unlink()
    news = store.look()
    assert news is not None
    assert news.levels == ()
    assert store.look() is None


def test_a_file_that_did_not_change_is_not_read(file: Path, store: LevelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    edit_levels(file, [Put(level("a"))], NOW)
    store.load()
    monkeypatch.setattr("crashdesk.config.levels_file.load_ledger", pytest.fail)
    assert store.look() is None


def test_a_mistake_is_told_the_good_levels_are_used_and_edits_wait_for_the_mending(
    file: Path, store: LevelStore
) -> None:
    store.load()
    file.write_text(BROKEN)
    news = store.look()
    assert news is not None
    assert [found.price for found in news.levels] == [100_000.0]
    assert [words for words in news.warnings if "levels[1].price: is missing" in words]
    assert store.look() is None
    news = store.save([Put(level("mine"))])
    assert {found.id for found in news.levels} == {"BTC/USDT@100000", "mine"}
    assert len(news.warnings) == 1
    assert "levels are kept in memory: not saved, the file has a mistake to mend first" in news.warnings[0]
    assert "levels[1].price" in news.unsaved
    news = store.save([Delete("BTC/USDT@100000", NOW)])
    assert ([found.id for found in news.levels], news.warnings) == (["mine"], ())
    assert file.read_text() == BROKEN
    assert store.look() is None
    file.write_text(BROKEN.replace("prise", "price"))
    news = store.look()
    assert news is not None
    assert (news.warnings, news.said, news.unsaved) == ((), ("levels saved",), "")
    assert {found.id for found in news.levels} == {"BTC/USDT@5", "mine"}
    assert load_levels(file) == (news.levels, ())
    assert load_ledger(file)[0].deleted == (Delete("BTC/USDT@100000", NOW),)


def test_a_thousand_mistakes_do_not_fill_the_screen(file: Path, store: LevelStore) -> None:
    store.load()
    file.write_text('[[levels]]\nsymbol = "BTC/USDT"\nprice = 0\n' * 1_000)
    news = store.look()
    assert news is not None
    assert len(news.warnings) == 5
    assert "levels[3].price" in news.warnings[3]
    assert news.warnings[4] == "996 more mistakes: `crashdesk config check` shows them"


def test_a_slip_that_spoils_the_whole_file_takes_no_level_off_the_screen(file: Path, store: LevelStore) -> None:
    store.save([Put(level("a"))])
    store.look()
    file.write_text(file.read_text() + "x\n")
    news = store.look()
    assert news is not None
    assert [found.id for found in news.levels] == ["a"]
    assert len(news.warnings) == 1
    assert "bad TOML" in news.warnings[0]


def test_a_mended_file_is_told_when_nothing_waited(file: Path, store: LevelStore) -> None:
    file.write_text(BROKEN)
    assert len(store.load()[1]) == 2
    file.write_text(BROKEN.replace("prise", "price"))
    news = store.look()
    assert news is not None
    assert (len(news.levels), news.warnings, news.said) == (2, (), ("levels.toml: mended",))


@pytest.mark.parametrize("reason", ["full", "held", "read only"])
def test_what_the_disk_refuses_waits_and_is_told_once(
    file: Path, store: LevelStore, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.0)
    edit_levels(file, [Put(level("a"))], NOW)
    before = file.read_bytes()
    store.load()
    real_open, real_write = os.open, os.fsync

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def read_only(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real_open(path, flags, mode)

    words = {"full": "no space left on device", "held": "held by another crashdesk", "read only": "read-only file"}
    with (file.parent / ".levels.toml.lock").open() as holder:
        if reason == "held":
            fcntl.flock(holder, fcntl.LOCK_EX)
        elif reason == "full":
            monkeypatch.setattr(os, "fsync", full)
        else:
            monkeypatch.setattr(os, "open", read_only)
        news = store.save([Put(level("b"))])
        assert [found.id for found in news.levels] == ["a", "b"]
        assert len(news.warnings) == 1
        assert words[reason] in news.warnings[0]
        again = store.look()
        assert again is not None
        assert (again.warnings, again.unsaved) == ((), news.unsaved)
        assert file.read_bytes() == before
        assert sorted(found.name for found in file.parent.iterdir()) == [".levels.toml.lock", "levels.toml"]
    monkeypatch.setattr(os, "fsync", real_write)
    monkeypatch.setattr(os, "open", real_open)
    saved = store.look()
    assert saved is not None
    assert (saved.said, saved.unsaved) == (("levels saved",), "")
    assert [found.id for found in load_levels(file)[0]] == ["a", "b"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (level("x", 0.0), "must be more than 0"),
        (level("x", float("nan")), "must be 0 to 1e+15"),
        (level("x")._replace(label="x" * 10_000), "at most 500 characters"),
        (level("x")._replace(symbol="BTC"), "no symbol"),
    ],
)
def test_an_edit_that_no_file_can_hold_is_refused_and_holds_up_nothing(
    file: Path, store: LevelStore, bad: Level, words: str
) -> None:
    news = store.save([Put(bad), Put(level("good"))])
    assert [found.id for found in news.levels] == ["good"]
    assert len(news.warnings) == 1
    assert words in news.warnings[0]
    assert news.unsaved == ""
    assert load_levels(file) == ((level("good"),), ())


def test_markup_and_control_characters_are_kept_as_plain_text(file: Path) -> None:
    edit_levels(file, [Put(level("a")._replace(label='[bold]x[/] "q"\x1b[31m\n\u202e'))], NOW)
    assert load_levels(file)[0][0].label == '[bold]x[/] "q"[31m'
    assert "\x1b" not in file.read_text()


def test_a_hundred_thousand_levels_are_refused_in_one_sentence(file: Path) -> None:
    edit_levels(file, [Put(level("a"))], NOW)
    before = file.read_bytes()
    with pytest.raises(CrashdeskError, match="not saved, it would hold more than 10,000 levels: remove some"):
        edit_levels(file, (Put(level(f"{n}", n + 1.0)) for n in range(100_000)), NOW)
    assert file.read_bytes() == before


def test_long_labels_make_no_file_that_is_too_large_to_read(file: Path) -> None:
    long = [level(f"{n}", n + 1.0)._replace(label="x" * 500) for n in range(8_000)]
    with pytest.raises(CrashdeskError, match="not saved, it would be larger than 4 MB: remove some"):
        edit_levels(file, map(Put, long), NOW)
    assert not file.exists()
