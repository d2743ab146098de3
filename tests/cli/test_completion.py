"""The scripts of `crashdesk completion`, asked by the shells that read them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.cli.registry import NAMES

LIMIT_S = 30

_BASH = """
source ./script
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_shtab_crashdesk
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
_FISH = 'source ./script; complete -C "{line}"'
_ZSH = """
zmodload zsh/zpty
zpty -b shell zsh -f -i
ask() {{ zpty -w shell "$1"; }}
ask "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=10000; PS1=; print rea''dy"
zpty -r shell seen '*ready*'
zpty -w -n shell $'{line}\\t'
zpty -r -m shell seen '*{wanted}*' && print -r -- $seen
zpty -d shell
"""


def ask(shell: str, program: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [shell, *(["-f"] if shell == "zsh" else []), "-c", program],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return done.stdout.split("\n")


def script(shell: str, folder: Path, capsys: pytest.CaptureFixture[str], name: str = "script") -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert main(["completion", shell]) == 0
    (folder / name).write_text(capsys.readouterr().out)
    (folder / "night.crash").touch()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["crashdesk", "snapshots", "re"], {"repair", "renormalise"}),
        (["crashdesk", "export", "x.crash", "--format", "''"], {"csv", "ndjson", "json", "parquet"}),
        (["crashdesk", "replay", "nig"], {"night.crash"}),
        (["crashdesk", "levels", "add", "--ki"], {"--kind"}),
    ],
)
def test_bash(words: list[str], offered: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script("bash", tmp_path, capsys)
    assert {line.strip() for line in ask("bash", _BASH.format(words=" ".join(words)), tmp_path)} - {""} == offered


def test_bash_offers_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script("bash", tmp_path, capsys)
    offered = {line.strip() for line in ask("bash", _BASH.format(words="crashdesk ''"), tmp_path)}
    assert set(NAMES) <= offered


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("crashdesk snapshots re", {"repair", "renormalise"}),
        ("crashdesk export x.crash --format ", {"csv", "ndjson", "json", "parquet"}),
        ("crashdesk replay nig", {"night.crash"}),
    ],
)
def test_fish(line: str, offered: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script("fish", tmp_path, capsys)
    assert {row.split("\t")[0] for row in ask("fish", _FISH.format(line=line), tmp_path)} - {""} == offered


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("crashdesk snaps", "hots"), ("crashdesk snapshots ren", "ormalise"), ("crashdesk replay nig", "ht.crash")],
)
def test_zsh(line: str, wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script("zsh", tmp_path, capsys, name="_crashdesk")
    assert wanted in "\n".join(ask("zsh", _ZSH.format(line=line, wanted=wanted), tmp_path))


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "csh"]) == 2
    assert "csh" in capsys.readouterr().err
