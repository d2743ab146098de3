"""Kind, label and alert of a level in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.levels.label import KINDS, LABEL_LIMIT, LabelWords, label_line, read_label
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.text import clean

ALERTS = ("loud", "quiet")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("stop under the low", LabelWords(LevelKind.STOP, "under the low", "")),
        ("Support", LabelWords(LevelKind.SUPPORT, "", "")),
        ("  my  line ", LabelWords(LevelKind.LINE, "my line", "")),
        ("", LabelWords(LevelKind.LINE, "", "")),
        ("line stop me", LabelWords(LevelKind.LINE, "stop me", "")),
        ("average of it", LabelWords(LevelKind.LINE, "average of it", "")),
        ("target half alert=loud", LabelWords(LevelKind.TARGET, "half", "loud")),
        ("alert=loud alert=", LabelWords(LevelKind.LINE, "", "")),
        ("a\x1b[31mb [b]c[/b]", LabelWords(LevelKind.LINE, "a[31mb [b]c[/b]", "")),
    ],
)
def test_a_line_is_kind_label_and_alert(typed: str, words: LabelWords) -> None:
    assert read_label(typed, ALERTS) == words


def test_a_long_label_is_cut() -> None:
    assert len(read_label("x" * 10_000).label) == LABEL_LIMIT


def test_an_alert_that_is_not_there_is_named_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"no alert in config\.toml is called 'lout', did you mean 'loud'\?"):
        read_label("stop alert=lout", ALERTS)
    with pytest.raises(ValueError, match=r"no alert in config\.toml is called 'any'$"):
        read_label("alert=any")


@given(kind=st.sampled_from(KINDS), label=st.text(max_size=30), alert=st.sampled_from(["", *ALERTS]))
def test_what_is_written_for_a_level_is_read_back(kind: LevelKind, label: str, alert: str) -> None:
    label = clean(label)
    if "alert=" in label:
        return
    level = Level("a", "X", 1.0, kind, label, 1, 1, alert=alert)
    assert read_label(label_line(level), ALERTS) == (kind, label, alert)


def test_a_new_level_has_an_empty_line() -> None:
    assert label_line(None) == ""
