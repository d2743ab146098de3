"""What is installed has everything that the program reads, and the man page where `man` looks for it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from crashdesk.config.themes import Themes

pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[1]
_BUILD = """
import sys
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
for builder in (WheelBuilder, SdistBuilder):
    for made in builder(sys.argv[1]).build(directory=sys.argv[2], versions=["standard"]):
        print(made)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-c", _BUILD, str(ROOT), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    wheel, sdist = done.stdout.split()
    return Path(wheel), Path(sdist)


def test_the_wheel_has_what_the_program_reads(built: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(built[0]).namelist())
    source = ROOT / "crashdesk"
    read = {
        path.relative_to(ROOT).as_posix()
        for path in source.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert {"crashdesk/config/baskets.toml", "crashdesk/scenarios/november-2025.toml", "crashdesk/py.typed"} <= read
    assert read <= names
    assert {f"crashdesk/themes/{name}.toml" for name in Themes() if name != "mono"} <= names
    assert [name for name in names if name.endswith(".data/data/share/man/man1/crashdesk.1")]
    assert not [name for name in names if name.startswith(("tests", "bench", "docs"))]


def test_the_sdist_has_what_the_tests_read(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "themes/paper.toml",
        "docs/config.md",
        "docs/make_docs.py",
    }
    assert wanted <= names
    assert {f"docs/pictures/{path.name}" for path in (ROOT / "docs/pictures").iterdir()} <= names
