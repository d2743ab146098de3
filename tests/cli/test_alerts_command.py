"""`crashdesk alerts test`, and what doctor says of addresses."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from crashdesk.cli.main import main


def config(tmp_path: Path, urls: str) -> str:
    file = tmp_path / "config.toml"
    file.write_text(f"[notify]\nurls = [{urls}]\n", encoding="utf-8")
    file.chmod(0o600)
    return str(file)


def test_without_addresses_it_says_where_they_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "test"]) == 1
    assert "no addresses to send to; give it a [notify] table with urls" in capsys.readouterr().err


def test_what_became_of_each_message_without_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("apprise")
    file = config(tmp_path, '"json://127.0.0.1:1/hunter2", "nosuch://hunter2"')
    assert main(["--config", file, "alerts", "test"]) == 1
    told = capsys.readouterr()
    first, second = told.out.splitlines()
    assert first.startswith("address 1, json://****: ")
    assert second == "address 2, nosuch://****: apprise knows no such service, or the address is not whole"
    assert "hunter2" not in told.out + told.err


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "apprise" else find(name))
    file = config(tmp_path, '"json://127.0.0.1:1/hunter2"')
    assert main(["--config", file, "alerts", "test"]) == 1
    assert capsys.readouterr().err == "crashdesk: sending alerts needs an extra: pip install 'crashdesk[notify]'\n"
    main(["--config", file, "doctor"])
    said = capsys.readouterr().out
    assert f"WRONG  {file}: notify.urls: no alert is sent: apprise is not installed (pip install" in said
    assert "hunter2" not in said


def test_doctor_names_the_services_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("apprise")
    main(["--config", config(tmp_path, '"json://127.0.0.1:1/hunter2"'), "doctor"])
    said = capsys.readouterr().out
    assert "ok     alerts are sent to json://****: `crashdesk alerts test` tries it" in said
    assert "hunter2" not in said
