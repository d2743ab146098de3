"""`crashdesk serve`: what it refuses, and in which words. What it serves: tests/e2e/test_serve.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from tests.session import market_tape


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "desk.example"])
def test_other_addresses_are_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", host]) == 2
    assert capsys.readouterr().err == (
        f"crashdesk: --host {host}: other machines could open the desk; "
        "with --allow-remote they may, read-only, by a token\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "70000"], "--port 70000: a port is 0 to 65535"),
        (["--desks", "0"], "--desks 0: 1 to 100; each is a process of some 80 MB"),
        (["demo", "--port", "-1"], "--port -1: a port is 0 to 65535"),
        (["demo", "novemb-2025"], "novemb-2025"),
        (["replay", "gone.crash"], "gone.crash"),
        (["reply"], "no 'reply' here (did you mean 'replay'?)"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("textual_serve")
    assert main(["serve", *words]) in {1, 2}
    assert sentence in capsys.readouterr().err


def test_a_wrong_time_or_speed_of_a_replay_is_said_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("textual_serve")
    file = tmp_path / "a.crash"
    market_tape.write(file, hours=0.1)
    assert main(["serve", "replay", str(file), "--speed", "-1"]) == 2
    assert "--speed" in capsys.readouterr().err
    assert main(["serve", "replay", str(file), "--at", "yesteryear"]) == 2
    assert "yesteryear" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "textual_serve" else find(name))
    assert main(["serve", "demo"]) == 1
    assert (
        capsys.readouterr().err == "crashdesk: a desk in the browser needs an extra: pip install 'crashdesk[serve]'\n"
    )
