"""The language of the system changes no figure; a terminal without UTF-8 gets plain characters and is told so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.recorder import ROOT
from tests.e2e.terminal import terminal
from tests.session import market_tape

LOCALES = ("de_DE.UTF-8", "tr_TR.UTF-8", "C")
"""One that is not installed is that of C."""
NO_UTF8 = {"LC_ALL": "C", "LANG": "", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def written(tape: Path, locale: str, *form: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "crashdesk", "brief", str(tape), *form],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": locale},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tape") / "a.crash"
    market_tape.write(file, hours=1)
    return file


@pytest.mark.parametrize("form", [(), ("--format", "json")], ids=["text", "json"])
def test_every_language_has_the_same_figures(tape: Path, form: tuple[str, ...]) -> None:
    usual = written(tape, "C.UTF-8", *form)
    assert usual
    for locale in LOCALES:
        assert written(tape, locale, *form) == usual, locale


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "tr_TR.UTF-8"])
async def test_the_desk_in_another_language(tape: Path, locale: str) -> None:
    async with terminal(["replay", str(tape), "--at", "50%"], {"LC_ALL": locale}) as desk:
        await desk.until(lambda text: "REPLAY" in text and "q quit" in text)
        desk.type(":LIQ 1h\r")
        await desk.until(lambda text: "Liquidations" in text and "q quit" in text)
        desk.type("q")
        assert await desk.ended() == 0


async def test_without_utf8_the_desk_is_plain_and_says_so(tape: Path) -> None:
    async with terminal(["replay", str(tape), "--at", "50%"], NO_UTF8) as desk:
        text = await desk.until(lambda text: "REPLAY" in text and "plain characters" in text and "q quit" in text)
        assert text.isascii()
        assert desk.raw.isascii()
        assert "?" not in text.replace("? help", "").partition("Timeline")[0]
        desk.type("q")
        assert await desk.ended() == 0
