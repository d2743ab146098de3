from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.load import load_settings
from crashdesk.config.settings import RecordingSettings, Roll


def load(folder: Path, text: str) -> tuple[RecordingSettings, list[str]]:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    settings, problems = load_settings(file, {})
    return settings.recording, [f"{p.key}: {p.what} ({p.hint})" for p in problems]


def test_nothing_is_rolled_or_removed_unless_asked(tmp_path: Path) -> None:
    assert load(tmp_path, "") == (RecordingSettings(Roll.OFF, 0), [])
    assert load(tmp_path, '[recording]\nroll = "day"\nprune_days = 14\n') == (RecordingSettings(Roll.DAY, 14), [])


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ('roll = "dya"', "recording.roll", "did you mean 'day'"),
        ("roll = true", "recording.roll", "must be text"),
        ("prune_days = -1", "recording.prune_days", "0 to 3650"),
        ("prune_days = 1.5", "recording.prune_days", "whole number"),
        ("prune = 3", "recording.prune", "unknown"),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(tmp_path: Path, line: str, key: str, words: str) -> None:
    settings, problems = load(tmp_path, f"[recording]\n{line}\n")
    assert settings == RecordingSettings()
    assert len(problems) == 1
    assert problems[0].startswith(key)
    assert words in problems[0]
