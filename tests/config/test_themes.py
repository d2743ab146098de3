"""Themes: the built-in ones are complete and readable, a user's bad one never stops the rest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from textual.color import Color

from crashdesk.config.colour import ANSI_NAMES, colour, contrast, luminance
from crashdesk.config.theme import MONO, Theme
from crashdesk.config.theme_file import read_theme
from crashdesk.config.theme_keys import THEME_KEYS
from crashdesk.config.theme_text import new_theme_text, reference
from crashdesk.config.themes import Themes, built_in_dir, load_themes, pick_theme, theme_ids
from crashdesk.model.level import LevelKind
from tests.config.colour_blind import EYES, apart, seen

BUILT_IN = ("amber", "colorblind", "contrast", "east", "midnight", "paper")
"""Those with colours of their own; beside them there are the terminal's and none."""


def theme(name: str) -> Theme:
    return load_themes(None)[0][name]


def all_colours(value: object) -> list[str]:
    """Every colour of a theme."""
    if isinstance(value, str):
        return [value]
    assert isinstance(value, tuple)
    names = getattr(value, "_fields", range(len(value)))
    parts = [part for name, part in zip(names, value, strict=True) if name not in {"id", "title", "dark"}]
    return [found for part in parts for found in all_colours(part)]


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_built_in_themes_load_without_a_problem() -> None:
    themes, problems = load_themes(None)
    assert problems == ()
    assert sorted(themes) == sorted([*BUILT_IN, "terminal", "mono"])
    assert sorted(theme_ids(None)) == sorted(themes)
    assert [name for name, found in themes.items() if not found.dark] == ["paper"]


@pytest.mark.parametrize("name", [*BUILT_IN, "terminal"])
def test_a_built_in_theme_says_everything_itself(name: str) -> None:
    raw = tomllib.loads((built_in_dir() / f"{name}.toml").read_text(encoding="utf-8"))
    groups = ("base", "market", "levels", "chart", "status")
    for group in groups:
        assert list(raw[group]) == list(getattr(MONO, group)._fields)
    assert set(raw["levels"]) == {str(kind) for kind in LevelKind}
    assert [(key.group, key.name) for key in THEME_KEYS] == [(group, key) for group in groups for key in raw[group]]


@pytest.mark.parametrize("name", BUILT_IN)
def test_words_and_figures_of_a_built_in_theme_are_readable(name: str) -> None:
    found = theme(name)
    grounds = (found.base.background, found.base.surface, found.base.panel)
    base, market = found.base, found.market
    words = [base.muted, base.accent, base.warning, base.error, market.gain, market.loss, market.long, market.short]
    words += all_colours(found.levels) + all_colours(found.status)
    words += [found.chart.price, found.chart.sma200, found.chart.sma50, found.chart.ema200]
    for ground in grounds:
        assert (contrast(base.text, ground) or 0) >= 7
        for word in words:
            assert (contrast(word, ground) or 0) >= 4.5, (word, ground)
    for tier in market.sizes:
        assert (contrast(tier, base.background) or 0) >= 4


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_heat_ramp_grows_from_the_middle_and_carries_words(name: str) -> None:
    found = theme(name)
    ramp = found.market.heat
    middle = len(ramp) // 2
    from_middle = [contrast(ground, ramp[middle]) or 0 for ground in ramp]
    assert from_middle[: middle + 1] == sorted(from_middle[: middle + 1], reverse=True)
    assert from_middle[middle:] == sorted(from_middle[middle:])
    for ground in ramp:
        best = max(contrast(word, ground) or 0 for word in (found.base.text, found.base.background))
        assert best >= 4.45, ground


def test_colours_as_other_eyes_see_them() -> None:
    # the values that CIE gives for white and red of sRGB under D65
    assert seen("#ffffff", "all cones") == pytest.approx((100, 0, 0), abs=0.01)
    assert seen("#ff0000", "all cones") == pytest.approx((53.24, 80.09, 67.20), abs=0.01)
    # rows of the matrices add up to 1: greys stay what they are
    for eyes in EYES:
        assert apart("#808080", "#808080", eyes) == 0
        assert seen("#808080", eyes) == pytest.approx(seen("#808080", "all cones"), abs=0.1)
    # the pair that the missing cone would tell apart comes together
    assert apart("#ff0000", "#6b6b00", "protanopia") < apart("#ff0000", "#6b6b00", "all cones") / 3


@pytest.mark.parametrize("eyes", EYES)
def test_the_colour_blind_theme_is_told_apart_by_all_eyes(eyes: str) -> None:
    found = theme("colorblind")
    market, status, levels = found.market, found.status, found.levels
    pairs = [(market.gain, market.loss), (market.long, market.short), (market.heat[0], market.heat[-1])]
    pairs += [(status.ok, status.down), (status.ok, status.stale), (levels.support, levels.resistance)]
    for one, other in pairs:
        assert apart(one, other, eyes) >= 40, (one, other)
    lightness = [seen(ground, eyes)[0] for ground in market.heat]
    middle = len(lightness) // 2
    assert lightness[: middle + 1] == sorted(lightness[: middle + 1], reverse=True)
    assert lightness[middle:] == sorted(lightness[middle:])


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("eyes", EYES)
def test_gain_and_loss_of_every_theme_can_be_told_apart(name: str, eyes: str) -> None:
    market = theme(name).market
    assert apart(market.gain, market.loss, eyes) >= 15
    assert apart(market.long, market.short, eyes) >= 20


def test_east_is_red_up_and_green_down() -> None:
    east, midnight = theme("east").market, theme("midnight").market

    def is_red(rgb: str) -> bool:
        return int(rgb[1:3], 16) > int(rgb[3:5], 16)

    assert is_red(east.gain)
    assert not is_red(east.loss)
    assert is_red(east.heat[-1])
    assert not is_red(midnight.gain)
    assert is_red(midnight.loss)


def test_textual_knows_every_colour() -> None:
    for found in load_themes(None)[0].values():
        for value in all_colours(found):
            Color.parse(value)
    for name in ANSI_NAMES:
        Color.parse(name)


def test_luminance_and_contrast_of_known_pairs() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the textbook pair just under 4.5
    assert contrast("ansi_red", "#ffffff") is None


@pytest.mark.parametrize(("written", "read"), [("#ABC", "#aabbcc"), ("#0b0F17", "#0b0f17"), ("ANSI_red", "ansi_red")])
def test_how_colours_are_written(written: str, read: str) -> None:
    assert colour(written) == read


@pytest.mark.parametrize("written", ["red", "#12", "#12345g", "", "ansi_rd", 5, ["#fff"], "#fff\x1b[0m"])
def test_what_is_no_colour(written: object) -> None:
    with pytest.raises(ValueError, match=r"no colour|must be text") as error:
        colour(written)
    assert "\x1b" not in str(error.value)


def test_a_users_theme_takes_the_rest_from_what_it_extends(tmp_path: Path) -> None:
    write(tmp_path / "themes", "mine", 'extends = "paper"\ntitle = "My own"\n[market]\ngain = "#004400"\n')
    write(tmp_path / "themes", "plain", '[base]\ntext = "#fff"\n')
    write(tmp_path / "themes", "amber", '[base]\ntext = "#ffc04d"\n')
    themes, problems = load_themes(tmp_path / "themes")
    assert problems == ()
    assert themes["mine"].market.gain == "#004400"
    assert themes["mine"].base == themes["paper"].base
    assert not themes["mine"].dark
    assert themes["plain"].market == themes["midnight"].market
    assert themes["amber"].base.text == "#ffc04d"
    assert themes["amber"].market == theme("amber").market
    assert "mine" in theme_ids(tmp_path / "themes")


def test_every_mistake_is_named_and_the_rest_is_used(tmp_path: Path) -> None:
    file = write(
        tmp_path / "themes",
        "mine",
        'extends = "papper"\ndark = "yes"\n[base]\ntext = "#12"\nacent = "#fff"\nborder = "#123456"\n'
        '[market]\nheat = ["#111", "#222"]\nsizes = ["#111"]\n[char]\nprice = "#fff"\n[levels]\nstop = "ansi_rd"\n',
    )
    themes, problems = load_themes(tmp_path / "themes")
    assert themes["mine"].base.border == "#123456"
    assert themes["mine"].base.text == themes["midnight"].base.text
    said = {problem.key: str(problem) for problem in problems}
    assert set(said) == {
        "extends",
        "dark",
        "base.text",
        "base.acent",
        "market.heat",
        "market.sizes",
        "char",
        "levels.stop",
    }
    assert all(text.startswith(f"{file}: ") for text in said.values())
    assert "did you mean 'paper'?" in said["extends"]
    assert "did you mean 'accent'?" in said["base.acent"]
    assert "did you mean 'chart'?" in said["char"]
    assert "did you mean 'ansi_red'?" in said["levels.stop"]
    assert "odd number" in said["market.heat"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("a = = 1\n", "line 1, column 5"), ("x = " + "[" * 20_000, "bad TOML"), ("x = " + "9" * 5000, "bad TOML")],
)
def test_a_file_that_is_no_toml_gives_no_theme(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path / "themes", "bad", text)
    themes, problems = load_themes(tmp_path / "themes")
    assert "bad" not in themes
    assert [words in str(problem) for problem in problems] == [True]
    assert pick_theme(themes, "bad").id == "midnight"


def test_bytes_that_are_no_text_and_a_folder_called_toml(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'# ok\ntitle = "\xff"\n')
    (tmp_path / "folder.toml").mkdir()
    themes, problems = load_themes(tmp_path)
    assert sorted(str(problem).split(": ", 1)[1] for problem in problems) == [
        "is a directory",
        "not UTF-8 text (line 2) (save it as UTF-8)",
    ]
    assert "latin" not in themes


def test_a_theme_that_cannot_be_read_is_warned_of_but_loads(tmp_path: Path) -> None:
    write(tmp_path, "dim", '[base]\nsurface = "#000"\ntext = "#444"\n[market]\ngain = "#888"\nloss = "#888"\n')
    themes, problems = load_themes(tmp_path)
    assert themes["dim"].base.text == "#444444"
    assert [problem.key for problem in problems] == ["base.text", "market.loss"]
    # on the panel of midnight, where it is worst: (0.0578 + 0.05) / (0.0121 + 0.05)
    assert "#444444 is hard to read on base.panel #151d2b: contrast 1.7" in str(problems[0])


def test_no_user_folder_is_no_problem(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "nowhere") == load_themes(None)


def test_pick_theme_without_any_file() -> None:
    assert pick_theme({}, "midnight") is MONO


def test_all_themes_are_known_and_each_is_read_when_it_is_asked_for() -> None:
    themes = Themes()
    assert dict(themes) == load_themes(None)[0]
    assert len(themes) == len(list(themes))
    assert themes.get("nowhere") is None
    mine = MONO._replace(id="mine")
    assert list(Themes({"mine": mine})) == [*themes, "mine"]


def test_the_reference_holds_every_key_and_every_theme() -> None:
    text = (Path(__file__).parents[2] / "docs" / "themes.md").read_text(encoding="utf-8")
    assert text.split("<!-- keys -->\n")[1].split("<!-- /keys -->")[0] == reference(), "run: crashdesk themes keys"
    assert set(re.findall(r"^\| `([a-z]+)` \| (?!.*\| a (?:colour|list))", text, re.M)) == set(Themes())
    assert all(f"`{name}`" in text for name in ANSI_NAMES if "bright" not in name)


def test_a_new_theme_looks_like_the_one_it_is_made_from(tmp_path: Path) -> None:
    for name, base in Themes().items():
        file = write(tmp_path / name, "mine", new_theme_text("mine", base))
        found = read_theme(file, Themes())
        assert found.problems == ()
        assert found.theme == base._replace(id="mine", title="mine")
        assert all(key.colours in file.read_text(encoding="utf-8") for key in THEME_KEYS)
