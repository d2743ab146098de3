"""The pictures of the README are those that `make pictures` makes, and each is used."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
"""They are in the history for ever: a picture that grows above this should be looked at."""


def test_the_pictures_of_the_readme_are_there_and_no_others() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"docs/pictures/([\w-]+\.svg)", readme))
    made = set(re.findall(r'Picture\("([\w-]+)"', (ROOT / "docs" / "make_pictures.py").read_text(encoding="utf-8")))
    assert used == {path.name for path in FOLDER.iterdir()} == {f"{name}.svg" for name in made}


def test_each_is_a_small_svg_that_loads_nothing() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("<svg")
        assert not re.search(r"https?:", text.replace("http://www.w3.org/2000/svg", ""))
        assert len(text) < MOST_BYTES, path.name
        assert "REPLAY" in text
        assert "RECONSTRUCTION" in text
