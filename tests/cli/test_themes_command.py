"""`crashdesk themes`: what there is, what is wrong, a new one, how one looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.config.themes import Themes, load_themes
from tests.config.bad_themes import write_bad_themes

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def run(*argv: str) -> int:
    return main(list(argv))


@pytest.fixture
def own(hermetic_environment: Path) -> Path:
    return hermetic_environment / "config" / "crashdesk" / "themes"


def test_the_list_marks_the_theme_a_desk_opens_with(
    own: Path, hermetic_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def marked() -> str:
        assert run("themes") == 0
        return next(line for line in capsys.readouterr().out.splitlines() if line.startswith("*"))

    assert marked().split()[1] == "midnight"
    data = hermetic_environment / "data" / "crashdesk"
    data.mkdir()
    (data / "desk.toml").write_text('theme = "paper"\n')
    assert marked().split()[1] == "paper"
    own.parent.mkdir()
    (own.parent / "config.toml").write_text('[desk]\ntheme = "east"\n')
    assert marked().split()[1] == "east"


def test_a_theme_of_ones_own_is_told_from_the_built_in_ones(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own.mkdir(parents=True)
    (own / "mine.toml").touch()
    (own / "paper.toml").write_text('title = "My paper"\n')
    assert run("themes", "list") == 0
    out = capsys.readouterr().out
    assert re.search(r"mine +dark +mine  \(yours\)\n", out)
    assert re.search(r"paper +light +My paper  \(yours, for the built-in one\)\n", out)


def test_check_fails_for_mistakes_only(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("themes", "check") == 0
    assert "none of your own yet" in capsys.readouterr().out
    own.mkdir(parents=True)
    (own / "dim.toml").write_text('[base]\ntext = "#333"\n')
    assert run("themes", "check") == 0
    assert capsys.readouterr().out.startswith(f"warning: {own / 'dim.toml'}: base.text: #333333 is hard to read")
    (own / "bad.toml").write_text('[base]\ntext = "red"\n')
    assert run("themes", "check") == 1
    assert "base.text: no colour: 'red' (did you mean 'ansi_red'?)" in capsys.readouterr().out


def test_every_bad_theme_is_named_on_a_line_that_can_be_printed(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = write_bad_themes(own)
    assert run("themes", "check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == sum(map(len, said.values()))
    assert all(line.isprintable() for line in lines)


def test_new_writes_a_file_once(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("themes", "new", "mine", "--from", "paper") == 0
    file = own / "mine.toml"
    assert str(file) in capsys.readouterr().out
    assert file.stat().st_mode & 0o777 == 0o600
    themes, problems = load_themes(own)
    assert problems == ()
    assert themes["mine"] == Themes()["paper"]._replace(id="mine", title="mine")
    before = file.read_bytes()
    assert run("themes", "new", "mine") == 1
    assert "already there and left as it is" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["new", "../evil"], "'../evil': a theme's name has 1 to 24 of a-z, 0-9, _ and -"),
        (["new", "a\x1b[31m"], "a theme's name has"),
        (["new", "mine", "--from", "papper"], "no theme 'papper' (did you mean 'paper'?)"),
        (["preview", "ambr"], "no theme 'ambr' (did you mean 'amber'?)"),
        (["prevew"], "did you mean 'preview'?"),
    ],
)
def test_what_cannot_be_done_is_said(
    own: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    assert run("themes", *argv) == 2
    err = capsys.readouterr().err
    assert words in err
    assert "\x1b" not in err
    assert not own.exists()


@pytest.mark.parametrize("name", Themes())
def test_a_preview_has_everything_and_its_colours(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert run("themes", "preview", name) == 0
    coloured = capsys.readouterr().out
    plain = ESCAPE.sub("", coloured)
    for words in ("BTC", "−3.4%", "LONG", "short", "$33,960,000", "SMA200", "support", "LIVE", "sma50", "+12.0%"):
        assert words in plain
    own_rgb = {colour for colour in Themes()[name].colours() if colour.startswith("#")}
    for colour in (Themes()[name].market.gain, Themes()[name].market.long, Themes()[name].market.heat[0]):
        if colour in own_rgb:
            assert ";".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) in coloured
    assert ("38;2" in coloured) == bool(own_rgb)


def test_a_preview_into_a_file_is_plain_and_without_colours_it_has_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("themes", "preview", "--all") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert [line.split(":")[0] for line in out.split("\n\n") if line] == list(Themes())
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("themes", "preview", "paper") == 0
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", capsys.readouterr().out))
    assert codes
    assert not any(part in {"38", "48"} or len(part) > 1 for code in codes for part in code.split(";"))
