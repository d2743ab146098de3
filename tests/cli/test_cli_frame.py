"""The command line's frame: exit codes, one sentence for each error, the commands about the user's own files."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crashdesk import __version__
from crashdesk.cli import parser
from crashdesk.cli.context import Context
from crashdesk.cli.main import main
from crashdesk.cli.registry import NAMES, command_of, default_command
from crashdesk.config.actions import ACTIONS
from crashdesk.config.known import EXCHANGES
from crashdesk.venues.capabilities import capability_rows


def run(*argv: str) -> int:
    return main(argv)


def spawn(argv: Sequence[str], redirect: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell of its own."""
    words = " ".join([sys.executable, "-m", "crashdesk", *argv, redirect])
    return subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, timeout=60, check=False)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"crashdesk {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "plain"),
    [
        (["demo", "--ascii"], True),
        (["--ascii", "demo"], True),
        (["replay", "--ascii", "night.crash"], True),
        (["--ascii"], True),
        (["demo"], False),
    ],
)
def test_a_desk_of_plain_characters(argv: list[str], plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def look(_arguments: argparse.Namespace, context: Context) -> int:
        seen.append(context.settings.desk.ascii)
        return 0

    monkeypatch.setattr(parser, "command_of", lambda name: command_of(name)._replace(run=look))
    monkeypatch.setattr(parser, "default_command", lambda: default_command()._replace(run=look))
    assert run(*argv) == 0
    assert seen == [plain]


def test_the_scenarios_are_listed_without_building_any(
    hermetic_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "--list") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("november-2025  RECONSTRUCTION: The crash of 3-4 November 2025, 2025-11-03 03:12:44 UTC to")
    assert second.startswith("october-2025 ")
    assert second.endswith(" 2025-10-10 00:45:00 UTC to 2025-10-11 00:45:00 UTC")
    assert not list((hermetic_environment / "cache").iterdir())


def test_help_of_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    for command in map(command_of, NAMES):
        assert command.name in text
        assert run(command.name, "--help") == 0
        own = capsys.readouterr().out
        assert "--config FILE" in own
        assert all(example in own for example in command.examples)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["confg"], "did you mean 'config'?"),
        (["config", "chekc"], "did you mean 'check'?"),
        (["config"], "path|check|init"),
        (["keys", "--frob"], "--frob"),
        (["keys", "--format", "html"], "no 'html' here"),
        (["\x1b[31m"], "crashdesk: "),
        (["--config"], "expected one argument"),
        (["--config", "", "keys"], "needs the name of a file"),
        (["--config", "/nowhere/x.toml", "keys"], "/nowhere/x.toml: no such file"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_a_wrong_variable_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRASHDESK_CLOCK_OFFSET_MS", "soon")
    assert run("keys") == 2
    assert "CRASHDESK_CLOCK_OFFSET_MS is not a whole number" in capsys.readouterr().err


def test_config_may_stand_before_or_after_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    for argv in (["--config", str(file), "config", "path"], ["config", "--config", str(file), "path"]):
        assert run(*argv) == 0
        assert capsys.readouterr().out == f"{file}\n"
    assert run("config", "path", "--config", str(file)) == 0
    assert capsys.readouterr().out == f"{file}\n"


def test_config_path(hermetic_environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "path") == 0
    assert capsys.readouterr().out == f"{hermetic_environment}/config/crashdesk/config.toml\n"
    assert run("config", "path", "--all") == 0
    assert f"recordings  {hermetic_environment}/data/crashdesk/recordings\n" in capsys.readouterr().out
    assert not (hermetic_environment / "config/crashdesk").exists()


def test_config_init_then_check(hermetic_environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = hermetic_environment / "config/crashdesk/config.toml"
    assert run("config", "init") == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("config", "check") == 0
    assert f"{file}: ok\nvenues: okx, binance" in capsys.readouterr().out
    file.write_text("# mine\n")
    assert run("config", "init") == 1
    assert "already there" in capsys.readouterr().err
    assert file.read_text() == "# mine\n"


def test_config_check_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "check") == 0
    assert "not there, the defaults are used" in capsys.readouterr().out


def test_config_check_names_every_mistake_in_every_file(
    hermetic_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = hermetic_environment / "config/crashdesk"
    (settings / "themes").mkdir(parents=True)
    (settings / "config.toml").write_text('[desk]\ntheme = "midnigt"\n[baskets]\nfile = "b.toml"\n')
    (settings / "b.toml").write_text("[[sektor]]\n")
    (settings / "themes/mine.toml").write_text('[base]\ntext = "white"\n')
    data = hermetic_environment / "data/crashdesk"
    data.mkdir()
    (data / "levels.toml").write_text('[[levels]]\nsymbol = "BTC/USDT"\n')
    (data / "notes.toml").write_text("[[notes]\n")
    assert run("config", "check") == 1
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "desk.theme",
        "sektor",
        "mine.toml: base.text",
        "levels[0].price: is missing",
        "notes.toml: bad TOML",
    ):
        assert words in out


def test_config_check_of_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--config", str(tmp_path / "none.toml"), "config", "check") == 1
    assert "no such file" in capsys.readouterr().out


def test_problems_of_the_settings_go_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[desk]\nthem = 1\n")
    assert run("keys", "--config", str(file)) == 0
    out, err = capsys.readouterr()
    assert err == f"crashdesk: {file}: desk.them: unknown key (did you mean 'theme'?)\n"
    assert out.startswith("panes\n")


def test_keys_shows_the_users_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[keys]\nfilter = ["f5", "f"]\n')
    assert run("--config", str(file), "keys") == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.endswith(" filter"))
    assert line.split()[:2] == ["F5", "f"]
    assert run("keys", "--format", "md") == 0
    assert capsys.readouterr().out.count("\n") == 2 + len(ACTIONS)


def test_themes(hermetic_environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("themes") == 0
    assert "* midnight " in capsys.readouterr().out
    assert run("themes", "check") == 0
    own = hermetic_environment / "config/crashdesk/themes"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text("[base]\nacent = '#fff'\n")
    assert run("themes", "check") == 1
    assert "mine.toml: base.acent: unknown key (did you mean 'accent'?)" in capsys.readouterr().out
    assert run("themes", "list") == 0
    assert "mine" in capsys.readouterr().out


def test_venues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[venues.okx]\n")
    assert run("--config", str(file), "venues") == 0
    lines = capsys.readouterr().out.splitlines()
    used = {line.split()[0]: line.split()[1] for line in lines[1 : 1 + len(capability_rows())]}
    assert used["okx"] == "yes"
    assert used["bybit"] == "no"
    assert used["hyperliquid"] == "missing"
    seen = "\n".join(lines[2 + len(capability_rows()) :])
    for venue in capability_rows():
        assert f"{venue.exchange} " in seen
        assert venue.note.split()[0] in seen


def test_venues_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("venues", "--format", "json") == 0
    venues = {venue["venue"]: venue for venue in json.loads(capsys.readouterr().out)}
    assert list(venues) == [row.exchange for row in capability_rows()]
    assert venues["bybit"]["liquidations"]["method"] == "complete"
    assert venues["binanceusdm"]["liquidations"] == {
        "way": "websocket",
        "method": "sampled",
        "basis": "fill",
        "note": next(row.note for row in capability_rows() if row.exchange == "binanceusdm"),
    }
    assert (venues["hyperliquid"]["used"], venues["hyperliquid"]["can_be_used"]) == (False, False)


def test_the_settings_and_the_venues_know_the_same_exchanges() -> None:
    assert {row.exchange for row in capability_rows() if row.wired} == set(EXCHANGES)


@pytest.mark.parametrize(
    ("redirect", "code", "err"),
    [
        ("| head -c 1 > /dev/null", 0, ""),
        (">&-", 0, ""),
        pytest.param(
            "> /dev/full",
            1,
            "crashdesk: no space left on device\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full"),
        ),
    ],
)
def test_a_standard_output_that_ends_early(redirect: str, code: int, err: str) -> None:
    done = spawn(["keys"], redirect)
    assert (done.returncode, done.stderr) == (code, err)


def test_a_reader_that_is_gone_ends_the_command_in_silence() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "crashdesk", "keys"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


def test_characters_that_the_terminal_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = spawn(["keys"], "")
    assert (done.returncode, done.stderr) == (0, "")
    assert "k ?" in done.stdout


def test_keys_check_names_every_problem_and_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[desk]\nkeymap = "vmi"\nthem = 1\n[keys]\nfiltr = "f5"\nzoom = ["q", "alt+z"]\n')
    assert run("keys", "check", "--config", str(file)) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.removeprefix(f"{file}: ").partition(":")[0] for line in out.splitlines()] == [
        "desk.keymap",
        "keys.filtr",
        "keys.zoom",
        "warning",
    ]
    file.write_text('[desk]\nkeymap = "vim"\n[keys]\nzoom = "alt+z"\n')
    assert run("keys", "check", "--config", str(file)) == 0
    assert capsys.readouterr().out.startswith(f"warning: {file}: keys.zoom: Alt+z: with Alt many terminals")
    file.write_text('[keys]\nzoom = "f5"\n')
    assert run("keys", "check", "--config", str(file)) == 0
    assert capsys.readouterr().out == f"1 of your own over the keymap default, no mistake ({file})\n"


def test_keys_of_a_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[desk]\nkeymap = "vim"\n[keys]\nzoom = "f5"\n')
    assert run("keys", "--config", str(file)) == 0
    own = capsys.readouterr().out
    assert ("h ←" in own, "F5" in own) == (True, True)
    for words in (("keys", "--preset", "vim"), ("keys", "list", "--preset", "vim")):
        assert run(*words, "--config", str(file)) == 0
        shown = capsys.readouterr().out
        assert ("h ←" in shown, "F5" in shown) == (True, False)
    assert run("keys", "--preset", "emacs") == 2
    assert "no 'emacs' here (known: default, vim)" in capsys.readouterr().err
