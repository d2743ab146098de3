"""What `crashdesk doctor` says of a terminal."""

from __future__ import annotations

import pytest

from crashdesk.cli.doctor_terminal import GLYPHS, colours
from crashdesk.desk.line import width_of


@pytest.mark.parametrize(
    ("environment", "good", "words"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "16 million"),
        ({"TERM": "tmux-256color"}, True, "256 (TERM=tmux-256color)"),
        ({"TERM": "screen"}, None, "16 or less (TERM=screen)"),
        ({"TERM": "dumb"}, False, "unknown (TERM=dumb)"),
        ({}, False, "TERM=is not set"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, None, "NO_COLOR is set"),
    ],
)
def test_colours(environment: dict[str, str], good: bool | None, words: str) -> None:
    found, text = colours(environment)
    assert found is good
    assert words in text


def test_each_of_the_characters_is_one_cell() -> None:
    assert width_of(GLYPHS) == len(GLYPHS)
