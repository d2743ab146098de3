"""The man page has every command and option, and the programs that read it have nothing to complain of."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crashdesk import __date__, __version__
from crashdesk.cli.main import main
from crashdesk.cli.man_page import man_page
from crashdesk.cli.parser import WHOLE, build_parser
from crashdesk.cli.registry import NAMES
from crashdesk.cli.roff import flowing, line, quoted


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _parsers(below)


def _plain(roff: str) -> str:
    return re.sub(r"\\f[BIR]", "", roff).replace(r"\-", "-")


def test_every_command_and_option_is_in_it() -> None:
    page = _plain(man_page())
    for name in NAMES:
        assert f'.SS "crashdesk {name}"' in page
    for parser in _parsers(build_parser(WHOLE)):
        for action in parser._actions:
            assert all(option in page for option in action.option_strings if option not in {"-h", "--help"})


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["man"]) == 0
    assert capsys.readouterr().out == man_page()


def test_the_page_of_the_wheel_is_that_of_this_version() -> None:
    made = Path(__file__).parents[2] / "docs" / "crashdesk.1"
    assert made.read_text(encoding="utf-8") == man_page(), "run: make docs"


def test_its_day_is_that_of_the_version() -> None:
    title = man_page().splitlines()[0]
    assert title == f'.TH CRASHDESK 1 "{__date__}" "crashdesk {__version__}" "User Commands"'
    assert date.fromisoformat(__date__).isoformat() == __date__
    log = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    named = re.search(r"^## (\S+) \((.+)\)$", log, re.MULTILINE)
    assert named is not None
    assert named.groups() in {(__version__, "unreleased"), (__version__, __date__)}


@pytest.mark.parametrize(
    ("text", "roff"), [(".SH", r"\&.SH"), ("'x", r"\&'x"), ("-a", r"\-a"), ("a\\b", r"a\eb"), ("plain", "plain")]
)
def test_text_is_no_request(text: str, roff: str) -> None:
    assert line(text) == roff
    assert all(row.startswith(("\\&.", "word")) for row in flowing(f"{'word ' * 40} .SH " * 3).splitlines())


def test_an_argument_of_a_request_may_have_quotes() -> None:
    assert quoted('say "no"') == r'"say \(dqno\(dq"'


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_has_nothing_to_complain_of_but_the_missing_date() -> None:
    done = subprocess.run(["mandoc", "-Tlint", "-Wstyle"], input=man_page(), capture_output=True, text=True, timeout=60)
    assert [row for row in done.stdout.splitlines() if "missing date" not in row] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_has_nothing_to_complain_of() -> None:
    command = ["groff", "-man", "-ww", "-Tutf8", "-K", "utf8"]
    done = subprocess.run(command, input=man_page(), capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert "crashdesk config keys." in done.stdout
