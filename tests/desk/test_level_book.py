"""The trader's levels with undo and redo, while other desks change theirs."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.levels.book import LevelBook, LevelKeeper
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Delete, LevelEdit, LevelLedger, Put, applied
from crashdesk.model.times import LAST_MS

NOW = 1_762_225_964_000
Step = tuple[str, int, int]
STEPS = st.lists(st.tuples(st.sampled_from(["put", "delete", "undo", "redo"]), st.integers(0, 4), st.integers(1, 9)))


def level(name: str, price: float, updated_ms: int = 0) -> Level:
    return Level(name, "BTC/USDT", price, LevelKind.LINE, "", 0, updated_ms)


def prices(levels: tuple[Level, ...]) -> dict[str, float]:
    return {found.id: found.price for found in levels}


@given(steps=STEPS)
def test_undo_and_redo_follow_a_plain_history(steps: list[Step]) -> None:
    """The book against a list of pictures with a position in it; its edits make the same of another ledger."""
    book, ledger = LevelBook(), LevelLedger()
    history: list[dict[str, float]] = [{}]
    at = 0
    for what, number, price in steps:
        now = dict(history[at])
        if what == "put":
            now[str(number)] = float(price)
            edit = book.put(level(str(number), float(price)), NOW)
        elif what == "delete":
            now.pop(str(number), None)
            edit = book.delete(str(number), NOW)
        elif what == "undo":
            edit = book.undo(NOW)
            assert (edit is not None) == (at > 0)
            at = max(0, at - 1)
        else:
            edit = book.redo(NOW)
            assert (edit is not None) == (at < len(history) - 1)
            at = min(len(history) - 1, at + 1)
        if what in ("put", "delete"):
            assert (edit is not None) == (now != history[at])
            if edit is not None:
                history, at = [*history[: at + 1], now], at + 1
        ledger = applied(ledger, () if edit is None else (edit,), NOW)
        assert prices(book.levels) == history[at]
        assert sorted(ledger.levels) == sorted(book.levels)


def test_undo_leaves_what_another_desk_changed_since() -> None:
    book = LevelBook([level("mine", 1.0), level("theirs", 5.0)])
    book.put(level("mine", 2.0), NOW)
    theirs = level("theirs", 6.0, NOW + 1)
    assert book.settle((level("mine", 2.0, NOW), theirs, level("new", 9.0, NOW + 1)), ())
    undone = book.undo(NOW + 5)
    assert undone == Put(level("mine", 1.0, NOW + 5))
    assert prices(book.levels) == {"mine": 1.0, "theirs": 6.0, "new": 9.0}
    assert book.redo(NOW + 6) == Put(level("mine", 2.0, NOW + 6))


def test_what_another_desk_took_back_already_is_passed_over() -> None:
    book = LevelBook()
    book.put(level("a", 1.0), NOW)
    book.put(level("b", 2.0), NOW)
    book.settle((level("a", 1.0, NOW),), ())
    assert book.undo(NOW + 1) == Delete("a", NOW + 1)
    assert book.undo(NOW + 2) is None


def test_redo_brings_back_what_was_there_before_the_undo() -> None:
    book = LevelBook([level("a", 1.0)])
    book.put(level("a", 2.0), NOW)
    book.settle((level("a", 3.0, NOW + 1),), ())
    book.undo(NOW + 2)
    assert prices(book.levels) == {"a": 1.0}
    book.redo(NOW + 3)
    assert prices(book.levels) == {"a": 3.0}


def test_an_edit_is_later_than_what_it_changes_whatever_the_clock_says() -> None:
    ahead = level("a", 1.0, NOW + 1_000)
    book = LevelBook([ahead, level("last", 1.0, LAST_MS)])
    assert book.put(level("a", 2.0), NOW) == Put(level("a", 2.0, NOW + 1_001))
    assert book.delete("a", NOW - 5_000) == Delete("a", NOW + 1_002)
    assert book.undo(NOW) == Put(level("a", 2.0, NOW + 1_003))
    assert book.put(level("other", 2.0), NOW) == Put(level("other", 2.0, NOW))
    edit = book.put(level("last", 2.0), NOW)
    assert edit == Put(level("last", 2.0, LAST_MS))
    assert edit is not None
    assert prices(applied(LevelLedger((level("last", 1.0, LAST_MS),)), (edit,), NOW).levels) == {"last": 2.0}


def test_the_keeper_tells_every_change_and_nothing_else() -> None:
    told: list[tuple[LevelEdit, dict[str, float]]] = []
    numbers, clock = itertools.count(), itertools.count(NOW)
    keeper = LevelKeeper(
        LevelBook(),
        lambda edit, levels: told.append((edit, prices(levels))),
        lambda: next(clock),
        lambda: f"id{next(numbers)}",
    )
    made = level(keeper.new_id(), 1.0)
    keeper.put(made)
    keeper.put(made)
    assert not keeper.delete("other")
    assert keeper.delete("id0")
    assert keeper.undo()
    assert keeper.redo()
    assert not keeper.redo()
    assert [(type(edit), levels) for edit, levels in told] == [
        (Put, {"id0": 1.0}),
        (Delete, {}),
        (Put, {"id0": 1.0}),
        (Delete, {}),
    ]


def test_what_is_not_kept_yet_stays_when_the_file_is_read() -> None:
    told: list[LevelEdit] = []
    keeper = LevelKeeper(LevelBook(), lambda edit, _: told.append(edit), lambda: NOW)
    keeper.put(level("a", 1.0))
    keeper.put(level("b", 2.0))
    assert not keeper.settle((level("a", 1.0, NOW),), (told[0],))
    assert prices(keeper.book.levels) == {"a": 1.0, "b": 2.0}
    assert keeper.settle((level("a", 1.0, NOW), level("c", 3.0, NOW)))
    assert prices(keeper.book.levels) == {"a": 1.0, "c": 3.0, "b": 2.0}
    assert not keeper.settle(keeper.book.levels, (told[1],))
    assert keeper.settle(())
    assert keeper.book.levels == ()
