from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.init_text import init_text
from crashdesk.config.load import load_settings
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS


def load(folder: Path, text: str) -> tuple[CascadeSettings, list[str]]:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    settings, problems = load_settings(file, {})
    return settings.cascades, [f"{p.key}: {p.what} ({p.hint})" for p in problems]


def test_all_keys(tmp_path: Path) -> None:
    text = '[cascades]\nwindow = "1h"\nfactor = 2.5\nfloor_usd = 1_000_000\none_sided = 80\nsigmas = 3\n'
    assert load(tmp_path, text) == (CascadeSettings(HOUR_MS, 2.5, 1e6, 0.8, 3.0), [])


def test_without_the_table_the_usual_ones(tmp_path: Path) -> None:
    assert load(tmp_path, "") == (CascadeSettings(5 * MINUTE_MS, 4.0, 5e6, 0.65, 2.0), [])


def test_the_written_out_defaults_are_the_defaults(tmp_path: Path) -> None:
    lines = init_text().splitlines()
    start = lines.index("[cascades]")
    table = [line.removeprefix("# ") for line in lines[start : start + 7] if "=" in line]
    assert len(table) == 5
    assert load(tmp_path, "[cascades]\n" + "\n".join(table)) == (CascadeSettings(), [])


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('window = "90s"', "cascades.window", "whole minutes"),
        ('window = "2h"', "cascades.window", "1m to 1h"),
        ('window = "long"', "cascades.window", "not a duration"),
        ("window = 5", "cascades.window", "must be text"),
        ("factor = 0.5", "cascades.factor", "1 to 1000"),
        ("one_sided = 0.65", "cascades.one_sided", "50 to 100"),
        ("sigmas = nan", "cascades.sigmas", "0 to 100"),
        ("flor_usd = 5", "cascades.flor_usd", "floor_usd"),
    ],
)
def test_a_mistake_is_named_and_the_rest_is_used(tmp_path: Path, line: str, key: str, words: str) -> None:
    other = "sigmas = 3" if "factor" in line else "factor = 3"
    settings, problems = load(tmp_path, f"[cascades]\n{line}\n{other}\n")
    assert len(problems) == 1
    assert problems[0].startswith(key)
    assert words in problems[0]
    assert settings == CascadeSettings()._replace(**({"sigmas": 3.0} if "factor" in line else {"factor": 3.0}))
