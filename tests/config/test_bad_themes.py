"""Each bad theme yields its exact sentences, and none spoils another."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.theme_file import is_theme_name, read_theme
from crashdesk.config.themes import Themes, load_themes, theme_files, theme_ids
from crashdesk.config.told import MOST_TOLD, told
from crashdesk.model.text import clean
from tests.config.bad_themes import OTHERS, TEXTS, write_bad_themes


@pytest.mark.parametrize("name", [*TEXTS, *OTHERS])
def test_a_bad_theme_yields_its_sentences(tmp_path: Path, name: str) -> None:
    said = write_bad_themes(tmp_path / "themes")
    file = tmp_path / "themes" / f"{name}.toml"
    found = read_theme(file, Themes())
    sentences = [str(problem) for problem in (*found.problems, *found.warnings)]
    assert sentences == [f"{clean(str(file), 4_096)}: {text}" for text in said[name]]
    assert all(text.isprintable() for text in sentences)
    usable = name in TEXTS and is_theme_name(name) and not any("left out" in text for text in said[name])
    assert (found.theme is not None) == (usable and name not in {"latin", "binary", "huge"})


def test_what_is_right_in_a_bad_theme_is_used(tmp_path: Path) -> None:
    write_bad_themes(tmp_path / "themes")
    midnight = Themes()["midnight"]
    themes, problems = load_themes(tmp_path / "themes")
    assert len(problems) == sum(len(sentences) for _, sentences in TEXTS.values()) + len(OTHERS)
    assert themes["missing_keys"].base == midnight.base._replace(text="#ffffff")
    for name in ("unknown_key", "bad_colour", "wrong_type", "short_ramp", "unknown_base"):
        assert themes[name] == midnight._replace(id=name, title=name)
    assert themes["escapes"].title == "[31mred"
    assert len(told(problems)) == MOST_TOLD


def test_only_names_that_can_be_typed_are_listed(tmp_path: Path) -> None:
    write_bad_themes(tmp_path / "themes")
    ids = set(theme_ids(tmp_path / "themes")) - set(Themes())
    assert ids == {name for name in (*TEXTS, *OTHERS) if name.islower() and name.replace("_", "").isalpha()}
    assert all(not file.name.startswith(".") for file in theme_files(tmp_path / "themes"))
