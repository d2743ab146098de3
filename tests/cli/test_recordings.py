"""Commands on a recording, and what a desk writes for its user."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crashdesk.cli.context import make_context
from crashdesk.cli.desk_files import DeskFiles
from crashdesk.config.level_store import LevelStore
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.level_edits import Put
from crashdesk.model.records import Note, Precision
from tests.cli.bad_input import Run
from tests.session import market_tape


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, hours=1)
    return path


def _level(name: str, price: float) -> Level:
    return Level(name, "BTC/USDT", price, LevelKind.LINE, "", 1, 1)


@pytest.mark.parametrize(
    ("at", "seconds"), [("-30m", 1800), ("50%", 1800), ("0%", 0), (str(market_tape.START + 60_000), 60), ("100%", 3600)]
)
def test_brief_at_a_time_inside(tape: Path, run: Run, at: str, seconds: int) -> None:
    code, out, _ = run("brief", tape, "--at", at, "--format", "json")
    assert code == 0
    assert abs(json.loads(out)["as_of_ms"] - market_tape.START - seconds * 1000) < 50


@pytest.mark.parametrize("at", ["2020-01-01", "150%", "x%", "yesterday-ish", "+5m"])
def test_a_time_outside_is_wrong_usage_in_one_sentence(tape: Path, run: Run, at: str) -> None:
    code, out, err = run("brief", tape, "--at", at)
    assert (code, out) == (2, "")
    assert err.startswith("crashdesk: --at: ")
    assert err.count("\n") == 1


def test_a_recording_of_yours_is_found_by_its_name(tape: Path, run: Run, hermetic_environment: Path) -> None:
    folder = hermetic_environment / "data/crashdesk/recordings"
    folder.mkdir(parents=True)
    (folder / "mine.crash").write_bytes(tape.read_bytes())
    assert "mine.crash" in run("snapshots", "list")[1]
    for arguments in (("brief", "mine.crash"), ("snapshots", "info", "mine.crash"), ("doctor", "mine.crash")):
        code, out, _ = run(*arguments)
        assert code == 0
        assert out


def test_snapshots_info_counts_everything(tape: Path, run: Run) -> None:
    code, out, _ = run("snapshots", "info", tape, "--json")
    contents = json.loads(out)
    assert code == 0
    assert contents["closed"] is True
    assert contents["quotes"] > 1_000
    by_venue = contents["liquidations"]["by_venue"]
    assert sum(row["orders"] for row in by_venue.values()) == contents["liquidations"]["orders"] > 100
    assert contents["liquidations"]["total_usd"] == pytest.approx(
        sum(row["long_usd"] + row["short_usd"] for row in by_venue.values())
    )


def test_what_is_no_terminal_gets_the_brief(tape: Path, run: Run) -> None:
    code, out, _ = run("replay", tape, "--at", "50%")
    assert code == 0
    assert out.startswith("crashdesk brief, ")


def test_own_notes_and_levels_are_in_the_brief_and_never_in_the_recording(
    tape: Path, run: Run, hermetic_environment: Path
) -> None:
    before = tape.read_bytes()
    context = make_context(None, dict(_environment(hermetic_environment)), *_streams())
    files = DeskFiles(context, tape)
    LevelStore(context.paths.levels_file, context.clock.now_ms).save([Put(_level("a", 105_500.0))])
    files.add_note(Note("n", market_tape.START + 1_000, Precision.MINUTE, "mine", "watch this", "", None))
    assert [note.text for note in files.look_at_own().notes or ()] == ["watch this"]
    content = json.loads(run("brief", tape, "--format", "json")[1])
    assert any(row["source"] == "mine" and row["price"] == 105_500.0 for row in content["levels"])
    assert any(note["text"] == "watch this" for note in content["notes"])
    early = json.loads(run("brief", tape, "--at", "0%", "--format", "json")[1])
    assert not any(note["text"] == "watch this" for note in early["notes"])
    assert tape.read_bytes() == before


def _environment(home: Path) -> dict[str, str]:
    names = {"CONFIG_HOME": "config", "DATA_HOME": "data", "CACHE_HOME": "cache", "RUNTIME_DIR": "run"}
    return {"HOME": str(home), **{f"XDG_{name}": str(home / folder) for name, folder in names.items()}}


def _streams() -> tuple[object, ...]:
    import io

    return io.StringIO(), io.StringIO(), io.StringIO()


def test_polling_with_named_settings_that_cannot_be_read_is_refused(tmp_path: Path, run: Run) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[venues.okx\n")
    code, out, err = run("record", "--config", config, "--for", "1s", "--out", tmp_path / "x.crash")
    assert (code, out) == (2, "")
    assert "bad TOML" in err
    assert not (tmp_path / "x.crash").exists()


@pytest.mark.parametrize(("tail", "code"), [(b"", 0), (b"\x00" * 10, 0), (b"\x00" * 5_000, 1)])
def test_doctor_tells_what_lies_behind_the_last_frame(
    tape: Path, tmp_path: Path, run: Run, tail: bytes, code: int
) -> None:
    path = tmp_path / "tail.crash"
    path.write_bytes(tape.read_bytes() + tail)
    found, out, _ = run("doctor", path)
    assert found == code
    assert ("no whole frame" in out) == bool(code)
