"""Files of older versions are read as the newest one and left alone; `migrate` rewrites them and loses nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.config.load import DEFAULT_SETTINGS, load_settings
from crashdesk.config.migrate import migrate
from crashdesk.config.versions import Document, newest, upgraded
from crashdesk.model.errors import CrashdeskError

OLD = """\
# my settings
# of long ago

[venues.okx]            # the good one
every = 7               # seconds
top = 3

[desk]
# where I live
zone = "Asia/Tokyo"     # no summer time
symbol = "ETH/USDT"
"""
NEW = """\
# my settings
# of long ago

[venues.okx]            # the good one
top = 3
poll_seconds = 7               # seconds

[desk]
# where I live
symbol = "ETH/USDT"
timezone = "Asia/Tokyo"     # no summer time
"""


def _renamed(table: Document, old: str, new: str) -> None:
    if old in table:
        table[new] = table.pop(old)


def polls_are_poll_seconds(document: Document) -> None:
    for venue in document.get("venues", {}).values():
        _renamed(venue, "every", "poll_seconds")


def zone_is_timezone(document: Document) -> None:
    _renamed(document.get("desk", {}), "zone", "timezone")


STEPS = (polls_are_poll_seconds, zone_is_timezone)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(OLD)
    return file


def test_an_older_file_is_read_as_the_newest_and_not_touched(old: Path) -> None:
    settings, problems = load_settings(old, {}, STEPS)
    assert problems == ()
    assert settings.venues[0].poll_seconds == 7.0
    assert settings.desk.timezone == "Asia/Tokyo"
    assert old.read_text() == OLD
    assert [problem.key for problem in load_settings(old, {})[1]] == ["venues.okx.every", "desk.zone"]


def test_only_the_steps_that_a_file_still_needs_are_made(old: Path) -> None:
    old.write_text(f"version = 2\n{OLD}")
    problems = load_settings(old, {}, STEPS)[1]
    assert [problem.key for problem in problems] == ["venues.okx.every"]


def test_what_is_read_is_a_copy() -> None:
    raw: dict[str, object] = {"desk": {"zone": "UTC"}}
    assert upgraded(raw, STEPS) == {"desk": {"timezone": "UTC"}, "version": 3}
    assert raw == {"desk": {"zone": "UTC"}}


def test_migrating_keeps_comments_order_and_the_file_as_it_was(old: Path) -> None:
    done = migrate(old, STEPS)
    assert (done.before, done.after) == (1, 3)
    assert done.kept == old.with_name("config.toml.v1.bak")
    assert done.kept is not None
    assert done.kept.read_text() == OLD
    text = old.read_text()
    for comment in (line.partition("#")[2] for line in OLD.splitlines() if "#" in line):
        assert f"#{comment}" in text
    assert [line for line in text.splitlines() if "version" not in line and line] == [
        line for line in NEW.splitlines() if line
    ]
    assert tomllib.loads(text)["version"] == 3
    settings, problems = load_settings(old, {}, STEPS)
    assert problems == ()
    assert settings.venues[0].poll_seconds == 7.0
    assert migrate(old, STEPS).kept is None
    assert old.read_text() == text


def test_a_copy_that_was_kept_before_is_not_lost(old: Path) -> None:
    kept = old.with_name("config.toml.v1.bak")
    kept.write_text("something else")
    with pytest.raises(CrashdeskError, match=r"config\.toml\.v1\.bak: is there already .* move it away first"):
        migrate(old, STEPS)
    assert (kept.read_text(), old.read_text()) == ("something else", OLD)


def test_a_disk_that_refuses_leaves_the_file_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("crashdesk.config.migrate.write_atomic", refuse)
    with pytest.raises(OSError, match="No space"):
        migrate(old, STEPS)
    assert old.read_text() == OLD


def test_a_newer_file_is_refused_in_one_sentence(old: Path) -> None:
    old.write_text("version = 4\n[desk]\nfuture = 1\n")
    settings, problems = load_settings(old, {}, STEPS)
    assert settings == DEFAULT_SETTINGS
    (problem,) = problems
    assert str(problem) == (
        f"{old}: is written for a newer crashdesk: version 4, this one reads up to 3 "
        "(update crashdesk; until then the whole file is left out)"
    )
    with pytest.raises(CrashdeskError, match="newer crashdesk"):
        migrate(old, STEPS)


@pytest.mark.parametrize(
    ("version", "words"), [('"two"', "must be a whole number, is text"), ("0", "must be 1 to 1000000, is 0")]
)
def test_a_version_that_is_none_is_named_and_the_rest_is_used(old: Path, version: str, words: str) -> None:
    old.write_text(f'version = {version}\n[desk]\nsymbol = "ETH/USDT"\n')
    settings, problems = load_settings(old, {})
    assert [(problem.key, problem.what) for problem in problems] == [("version", words)]
    assert settings.desk.symbol == "ETH/USDT"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_command_on_a_file_of_today(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    code, _, err = run("--config", file, "config", "migrate")
    assert (code, "nothing to rewrite" in err) == (1, True)
    assert run("--config", file, "config", "init")[0] == 0
    text = file.read_text()
    assert f"\nversion = {newest()} " in text
    assert run("--config", file, "config", "migrate") == (0, f"{file}: is of version {newest()}, the newest\n", "")
    assert file.read_text() == text
    assert run("--config", file, "config", "check")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml"]


def test_a_newer_file_that_was_named_starts_no_recorder(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"version = {newest() + 1}\n")
    code, _, err = run("--config", file, "record", "--out", tmp_path / "a.crash", "--for", "1s")
    assert (code, err.count("\n")) == (2, 1)
    assert "newer crashdesk" in err
