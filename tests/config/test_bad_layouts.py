"""Each bad layout yields its exact sentences, what is right in it is used, and none spoils another."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.config.layout_file import layout_ids, load_layouts, pick_layout, read_layout
from crashdesk.config.layouts import DESK, PRESETS, panes_of
from crashdesk.config.load import load_settings
from crashdesk.config.settings import Problem
from crashdesk.model.text import clean
from tests.config.bad_layouts import OTHERS, TEXTS, write_bad_layouts


@pytest.mark.parametrize("name", [*TEXTS, *OTHERS])
def test_a_bad_layout_yields_its_sentences(tmp_path: Path, name: str) -> None:
    said = write_bad_layouts(tmp_path / "layouts")
    file = tmp_path / "layouts" / f"{name}.toml"
    problems: list[Problem] = []
    layout = read_layout(file, problems)
    sentences = [str(problem) for problem in problems]
    assert sentences == [f"{clean(str(file), 4_096)}: {text}" for text in said[name]]
    assert all(text.isprintable() for text in sentences)
    assert (layout and panes_of(layout.root)) == (TEXTS[name][2] if name in TEXTS else None)


def test_all_of_them_at_once(tmp_path: Path) -> None:
    said = write_bad_layouts(tmp_path / "layouts")
    layouts, problems = load_layouts(tmp_path / "layouts")
    assert len(problems) == sum(len(sentences) for sentences in said.values())
    usable = {name for name, (_, _, panes) in TEXTS.items() if panes}
    assert layouts.keys() == PRESETS.keys() | usable
    assert layouts["escapes"].title == "[31mred"
    assert pick_layout(layouts, "gone") is DESK


def test_the_built_in_layouts_can_be_written_as_files(tmp_path: Path) -> None:
    """What the README shows is the layout of all panes."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    text = readme.split("<!-- layout -->\n```toml\n")[1].split("```")[0]
    file = tmp_path / "desk.toml"
    file.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    assert read_layout(file, problems) == DESK
    assert problems == []


def test_layouts_in_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[desk]\nlayout = "min"\n[layouts]\nflat = 3\n[layouts.mine]\nrows = ["chart", "levls"]\n'
        '[layouts."My One"]\nrows = ["chart"]\n[layouts.chart]\nrows = ["chart"]\n',
        encoding="utf-8",
    )
    settings, problems = load_settings(file, {})
    assert [str(problem).removeprefix(f"{file}: ") for problem in problems] == [
        "layouts.flat: must be a table, is a whole number",
        "layouts.mine.rows[1]: unknown pane 'levls' (did you mean 'levels'?)",
        'layouts."My One": a layout\'s name has 1 to 24 of a-z, 0-9, _ and - (rename the table)',
        "desk.layout: unknown layout 'min' (did you mean 'mine'?)",
    ]
    assert settings.desk.layout == ""
    assert [layout.id for layout in settings.layouts] == ["mine", "chart"]
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "mine.toml").write_text('columns = ["tickers", "levels"]\n')
    (folder / "chart.toml").write_text("broken")
    layouts, _ = load_layouts(folder, settings.layouts)
    assert panes_of(layouts["mine"].root) == ("tickers", "levels")
    assert panes_of(layouts["chart"].root) == ("chart",)
    assert layout_ids(folder, settings.layouts) == (*PRESETS, "mine")
