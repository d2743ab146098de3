"""Two desks on one levels.toml."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from crashdesk.config.levels_file import load_ledger
from tests.desk.headless_levels import HeadlessDesk

EDITS = 500
Made = tuple[str, str, int, float | None]


def run_desks(file: Path, names: str, edits: int) -> dict[str, list[Made]]:
    """What each desk did, all of them at once."""
    command = [sys.executable, "-m", "tests.desk.headless_levels", str(file)]
    desks = {
        name: subprocess.Popen([*command, name, str(edits)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in names
    }
    for desk in desks.values():
        assert desk.stdout is not None
        assert desk.stdout.readline() == "ready\n"
    for desk in desks.values():
        assert desk.stdin is not None
        desk.stdin.write("go\n")
        desk.stdin.flush()
    made = {}
    for name, desk in desks.items():
        out, _ = desk.communicate(timeout=120)
        assert desk.returncode == 0
        made[name] = [tuple(json.loads(line)) for line in out.splitlines()]
    return made


def test_two_desks_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """1,000 edits of two processes: the file holds the newest edit of every id, deletions among them."""
    file = tmp_path / "levels.toml"
    made = run_desks(file, "xy", EDITS)
    assert {name: len(edits) for name, edits in made.items()} == {"x": EDITS, "y": EDITS}
    newest: dict[str, set[Made]] = {}
    for edit in (*made["x"], *made["y"]):
        best = newest.setdefault(edit[1], set())
        at_ms = max((other[2] for other in best), default=0)
        if edit[2] > at_ms:
            best.clear()
        if edit[2] >= at_ms:
            best.add(edit)
    ledger, problems = load_ledger(file)
    assert problems == ()
    held: dict[str, Made] = {level.id: ("Put", level.id, level.updated_ms, level.price) for level in ledger.levels}
    held |= {gone.id: ("Delete", gone.id, gone.at_ms, None) for gone in ledger.deleted}
    assert held.keys() == newest.keys()
    assert [held[name] for name in held if held[name] not in newest[name]] == []
    # both were at it: each changed what the other one made
    assert any(edit[1].startswith("y") for edit in made["x"])
    assert any(edit[1].startswith("x") for edit in made["y"])
    assert ledger.deleted
    assert ledger.levels


def test_desks_that_look_show_the_same_in_the_end(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    one, other = HeadlessDesk(file, "a"), HeadlessDesk(file, "b")
    for _ in range(60):
        one.step()
        other.step()
    one.look()
    other.look()
    assert one.keeper.book.levels == other.keeper.book.levels == load_ledger(file)[0].levels
