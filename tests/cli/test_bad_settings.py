"""Mistakes in settings, arguments and files of one's own: named, no traceback, and left as they were."""

from __future__ import annotations

import io
import os
import shlex
from pathlib import Path

import pytest

from crashdesk.cli.context import make_context
from crashdesk.cli.desk_given import desk_given
from tests.cli.bad_input import Run, one_sentence

CONFIGS = {
    "bad TOML": ("[venues.okx\nx=1", "bad TOML"),
    "not UTF-8": ('[desk]\ntimezone="Z\xfcrich"\n', "not UTF-8"),
    "too deep": ("a = " + "[" * 50_000, "bad TOML"),
    "digits": ("[venues.okx]\ntop = " + "9" * 5_000, "bad TOML"),
    "huge": ("# x\n" * 2_500_000, "larger than 4 MB"),
    "unknown key": ('[desk]\nthem = "x"', "desk.them: unknown key (did you mean 'theme'?)"),
    "unknown table": ("[dsk]\na = 1", "dsk: unknown key (did you mean 'desk'?)"),
    "table expected": ("desk = 3", "desk: must be a table, is a whole number"),
    "wrong type": ("[desk]\nascii = 'yes'", "desk.ascii: must be true or false, is text"),
    "a date": ("[desk]\ntimeframe = 2020-01-01", "desk.timeframe: must be text, is a date or time"),
    "theme": ('[desk]\ntheme = "midnigt"', "unknown theme 'midnigt' (did you mean 'midnight'?)"),
    "timezone": ('[desk]\ntimezone = "Europe/Zurch"', "(did you mean 'Europe/Zurich'?)"),
    "symbol": ('[desk]\nsymbol = "BTCUSDT"', "desk.symbol: no symbol: 'BTCUSDT'"),
    "venue": ("[venues.okxx]", "venues.okxx.exchange: is missing"),
    "exchange": ('[venues.a]\nexchange = "binnance"', "unknown exchange 'binnance' (did you mean 'binance'?)"),
    "negative": ("[venues.okx]\npoll_seconds = -1", "venues.okx.poll_seconds: must be 0.1 to 3600, is -1"),
    "not a number": ("[venues.okx]\npoll_seconds = nan", "must be 0.1 to 3600, is nan"),
    "infinite": ("[venues.okx]\npoll_seconds = inf", "must be 0.1 to 3600, is inf"),
    "proxy": ('[venues.okx]\nproxy = "not a proxy"', "venues.okx.proxy: must start with http:// or https://"),
    "address": ('[venues.okx]\napi_url = "ftp://x"', "venues.okx.api_url: must start with https:// or http://"),
    "baskets": ('[baskets]\nfile = "no.toml"', "baskets.file: no such file"),
    "keys": ('[keys]\nquitt = "q"', "keys.quitt: no such action (did you mean 'quit'?)"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_mistake_in_the_settings_is_named_and_a_brief_still_comes(
    tmp_path: Path, tape: Path, run: Run, name: str
) -> None:
    text, words = CONFIGS[name]
    file = tmp_path / "my.toml"
    file.write_bytes(text.encode("latin-1"))
    code, out, err = run("--config", file, "config", "check")
    assert (code, err) == (1, "")
    assert out.startswith(f"{file}: ")
    assert words in out
    assert out.replace("\n", "").isprintable()
    code, out, err = run("--config", file, "brief", tape)
    assert code == 0
    assert "BTC/USDT is at" in out
    assert words in err


def test_the_command_that_a_desk_names_for_the_other_mistakes_shows_them(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my own.toml"
    file.write_text("".join(f"wrong_{n} = 1\n" for n in range(9)))
    context = make_context(file, os.environ, io.StringIO(), io.StringIO(), io.StringIO())
    last = desk_given(context, terminal=False).said[-1]
    more, _, rest = last.partition(" more mistakes: `")
    program, *words = shlex.split(rest.removesuffix("` shows them"))
    code, out, _ = run(*words)
    assert (program, more, code) == ("crashdesk", "5", 1)
    assert out.count(f"{file}: wrong_") == 9


def test_a_folder_as_settings(tmp_path: Path, run: Run) -> None:
    code, out, _ = run("--config", tmp_path, "config", "check")
    assert code == 1
    assert out.startswith(f"{tmp_path}: is a directory")


def test_a_password_in_a_bad_proxy_is_not_shown(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[venues.okx]\nproxy = "socks5://me:hush@host:1"\n[venues.htx]\nproxy = "http://me:hush@h:99999"\n')
    code, out, err = run("--config", file, "config", "check")
    assert code == 1
    assert "hush" not in out + err


def test_escape_sequences_in_the_settings_reach_no_terminal(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text(
        '[desk]\ntheme = "\\u001b[31mred"\nsymbol = "[b]X[/b]/\\u0007"\ntimezone = "\\u202eUTC\\u009b2J"\n'
        '["\\u001b[2J"]\na = 1\n[venues."\\u001b]0;x\\u0007"]\nexchange = "okx"\n'
    )
    code, out, _ = run("--config", file, "config", "check")
    assert code == 1
    assert out.replace("\n", "").isprintable()


def test_the_only_venue_is_unknown(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[venues.okxx]\n")
    for command in ([], ["record", "--out", tmp_path / "a.crash", "--for", "1s"]):
        code, out, err = run("--config", file, *command)
        assert (code, out) == (1, "")
        assert "did you mean 'okx'?" in err
        assert "no venue is enabled" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["brief", "TAPE", "--at", "nonsense"], "not a time: 'nonsense'"),
        (["brief", "TAPE", "--at", "wurst"], "-30m, now, 50%, worst or a time in milliseconds"),
        (
            ["snapshots", "cut", "TAPE", "--from", "wurst", "--out", "x.crash"],
            "-30m, now, 50% or a time in milliseconds",
        ),
        (["brief", "TAPE", "--at", "99:99"], "not a time: '99:99'"),
        (["brief", "TAPE", "--at", "2025-02-30"], "not a time: '2025-02-30'"),
        (["brief", "TAPE", "--at", "9" * 30], "not a time"),
        (["brief", "TAPE", "--at", "2099-01-01"], "is outside the recording, which goes from"),
        (["brief", "TAPE", "--format", "xml"], "no 'xml' here"),
        (["brief", "TAPE", "--scenario", "november-2025"], "not both"),
        (["brief", "--scenario", "novembr-2025"], "did you mean 'november-2025'?"),
        (["brief", "--scenario", "../../etc/passwd"], "there is no scenario"),
        (["demo", "novmber"], "did you mean 'november-2025'?"),
        (["demo", "octobr-2025"], "did you mean 'october-2025'?"),
        (["replay", "TAPE", "--speed", "-1"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--speed", "nan"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--speed", "1e999"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--at", "2099-01-01"], "is outside the recording"),
        (["replay"], "FILE"),
        (["record", "--for", "0"], "not a duration: '0'"),
        (["record", "--for", "abc"], "not a duration: 'abc'"),
        (["record", "--for", "99999999999999999h"], "a duration must be"),
        (["recrod"], "did you mean 'record'?"),
        (["snapshots", "inf"], "did you mean 'info'?"),
        (["doctor", "a", "b"], "unrecognized arguments: b"),
        (["--config", "/nowhere/x.toml"], "/nowhere/x.toml: no such file"),
    ],
)
def test_nonsense_in_arguments_is_wrong_usage(tape: Path, run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*(str(tape) if word == "TAPE" else word for word in arguments))
    assert (code, out) == (2, "")
    assert words in one_sentence(err)


@pytest.mark.parametrize("name", ["levels.toml", "notes.toml"])
def test_a_broken_file_of_the_users_own_is_named_and_left_alone(
    hermetic_environment: Path, run: Run, name: str
) -> None:
    file = hermetic_environment / "data" / "crashdesk" / name
    file.parent.mkdir()
    file.write_text(f'[[{name[:-5]}]]\nsymbol = "BTC/USDT\n')
    before = file.read_bytes()
    code, out, _ = run("config", "check")
    assert code == 1
    assert f"{file}: bad TOML" in out
    assert file.read_bytes() == before
