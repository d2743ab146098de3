"""`crashdesk picture`: the desk of a moment in a file, without a terminal and without anything from elsewhere."""

from __future__ import annotations

import html
import os
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.config.paths import resolve_paths
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.model.times import format_utc
from crashdesk.outside.png import can_make_png
from tests.session import market_tape

Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "tape.crash"
    market_tape.write(path, 1)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str]:
        code = main(["picture", *(str(word) for word in arguments)])
        return code, capsys.readouterr().err

    return call


def _words(svg: str) -> str:
    return html.unescape(" ".join(re.findall(r">([^<]+)</text>", svg))).replace("\xa0", " ")


def _wrote(out: Path) -> str:
    """The sentence on standard error about a picture of the end of the tape."""
    end = format_utc(market_tape.START + HOUR_MS)
    return f"crashdesk: {out}: the desk of {end}, {out.stat().st_size / 1000:,.1f} kB\n"


def test_an_svg_holds_its_font_and_no_address(tape: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "desk.svg"
    before = tape.read_bytes()
    assert run(tape, "--out", out, "--size", "120x36") == (0, _wrote(out))
    svg = out.read_text()
    assert svg.startswith("<svg")
    assert svg.count("@font-face") == 2
    assert not re.search(r"https?:", svg.replace("http://www.w3.org/2000/svg", ""))
    assert "REPLAY" in _words(svg)
    assert out.stat().st_mode & 0o777 == 0o600
    assert tape.read_bytes() == before


def test_the_moment_and_the_keys_are_as_asked(tape: Path, run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    assert run(tape, "--out", first, "--at", "50%", "--theme", "paper")[0] == 0
    assert (
        run(tape, "--out", second, "--at", "50%", "--theme", "paper", "--keys", "3 z", "--keys", ":window 15m")[0] == 0
    )
    whole, zoomed = _words(first.read_text()), _words(second.read_text())
    assert "Tickers" in whole
    assert "Tickers" not in zoomed
    assert "15m" not in whole
    assert "15m" in zoomed
    assert re.findall(r"\d\d:\d\d:\d\d UTC", whole) == re.findall(r"\d\d:\d\d:\d\d UTC", zoomed)


def test_what_its_keys_place_is_in_the_picture_alone(tape: Path, run: Run, tmp_path: Path) -> None:
    data = resolve_paths(os.environ, None).data_dir
    data.mkdir(parents=True)
    levels = data / "levels.toml"
    levels.write_text('[[levels]]\nsymbol = "BTC/USDT"\nprice = 61_234.0\nlabel = "mine"\n')
    before = levels.read_bytes()
    out = tmp_path / "levels.svg"
    keys = ("--keys", ":LV 62345", "--keys", ":NT seen", "--keys", "b escape", "--keys", "5 z")
    assert run(tape, "--out", out, *keys) == (0, _wrote(out))
    words = _words(out.read_text())
    assert "61,234" in words
    assert "62,345" in words
    assert levels.read_bytes() == before
    assert [path.name for path in data.iterdir()] == ["levels.toml"]


def test_the_live_recording_is_meant_without_a_file(tape: Path, run: Run, tmp_path: Path) -> None:
    live = resolve_paths(os.environ, None).live_recording
    out = tmp_path / "live.svg"
    code, err = run("--out", out, "--size", "80x24")
    assert (code, err) == (
        1,
        f"crashdesk: {live}: no live recording yet; start `crashdesk`, or name a file or a scenario\n",
    )
    live.parent.mkdir(parents=True)
    live.write_bytes(tape.read_bytes())
    assert run("--out", out, "--size", "80x24") == (0, _wrote(out))
    assert "REPLAY" in _words(out.read_text())


def test_the_same_moment_is_the_same_picture(tape: Path, run: Run, tmp_path: Path) -> None:
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        assert run(tape, "--out", file, "--at", "50%", "--size", "80x24")[0] == 0
    texts = [re.sub(r"terminal-\d+", "terminal", file.read_text()) for file in files]
    assert texts[0] == texts[1]


@pytest.mark.skipif(not can_make_png(), reason="the extra `png` is not installed")
def test_a_png_of_the_size_of_the_terminal(tape: Path, run: Run, tmp_path: Path) -> None:
    sizes = []
    for size in ("80x24", "120x24"):
        out = tmp_path / f"{size}.png"
        assert run(tape, "--out", out, "--size", size) == (0, _wrote(out))
        data = out.read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        sizes.append(struct.unpack(">II", data[16:24]))
    assert sizes[0][1] == sizes[1][1]
    assert sizes[1][0] - sizes[0][0] == pytest.approx(40 * 12.2, abs=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "desk.jpg"], "--out desk.jpg: name a file that ends in .svg or .png"),
        (["--out", "d.svg", "--size", "20x5"], "--size 20x5: columns x rows, from 40x10 to 400x200, as in 160x48"),
        (["--out", "d.svg", "--theme", "papre"], "--theme papre: no such theme (did you mean 'paper'?)"),
        (["--out", "d.svg", "--keys", "hyper+x"], "--keys: "),
        (["--out", "d.svg", "--at", "2020-01-01"], "is outside the recording"),
        (["--out", "d.svg", "--scenario", "november-2025"], "name a FILE or a --scenario, not both"),
    ],
)
def test_what_is_wrong_is_said(words: list[str], said: str, tape: Path, run: Run) -> None:
    code, err = run(tape, *words)
    assert code == 2
    assert said in err


def test_keys_that_leave_the_desk_draw_nothing(tape: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "desk.svg"
    code, err = run(tape, "--out", out, "--keys", "q")
    assert code == 1
    assert "nothing was drawn" in err
    assert not out.exists()


def test_what_its_keys_choose_is_not_what_the_next_desk_opens_with(tape: Path, run: Run, tmp_path: Path) -> None:
    """Neither columns and group nor the layout."""
    out = tmp_path / "desk.svg"
    assert run(tape, "--out", out, "--keys", "K space enter } D", "--size", "160x48")[0] == 0
    paths = resolve_paths(os.environ, None)
    assert not paths.remembered_file.exists()
