"""Commands without a screen load nothing of the screen, and nothing loads ccxt or pandas that has no use for it.

What a desk loads before its first picture is what its start costs.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCREEN = frozenset({"textual", "rich", "plotext"})
VENUES = frozenset({"ccxt", "aiohttp"})
TABLES = frozenset({"pandas", "numpy"})
LOOP = frozenset({"asyncio"})

LIGHT = SCREEN | VENUES | TABLES | LOOP

COMMANDS: list[tuple[list[str], frozenset[str]]] = [
    (["--help"], LIGHT),
    (["--version"], LIGHT),
    (["no-such-command"], LIGHT),
    (["config", "path"], LIGHT),
    (["config", "check"], LIGHT),
    (["config", "init"], LIGHT),
    (["keys"], LIGHT),
    (["man"], LIGHT),
    (["themes"], LIGHT),
    (["themes", "check"], LIGHT),
    (["themes", "keys"], LIGHT),
    (["themes", "new", "mine"], LIGHT),
    (["venues"], LIGHT),
    (["brief"], LIGHT),
    (["snapshots", "list"], LIGHT),
    (["snapshots", "info", "no-such-file"], LIGHT),
    (["doctor"], LIGHT),
    (["replay", "no-such-file"], LIGHT),
    (["demo", "no-such-scenario"], LIGHT),
    (["serve", "--host", "0.0.0.0"], LIGHT),
    (["serve", "replay", "no-such-file"], LIGHT),
    (["record", "--for", "nonsense"], LIGHT - LOOP),
]
"""Arguments, and the packages that they must not load."""

_CODE = """\
import json, os, sys
from crashdesk.cli.main import main
sys.stdout, kept = open(os.devnull, "w"), sys.stdout
main(json.loads(sys.argv[1]))
json.dump(sorted({name.partition(".")[0] for name in sys.modules}), kept)
"""


def loaded(argv: list[str]) -> set[str]:
    """The top-level packages in memory after a command has run."""
    done = subprocess.run(
        [sys.executable, "-c", _CODE, json.dumps(argv)], capture_output=True, text=True, timeout=120, check=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(("argv", "unwanted"), COMMANDS, ids=[" ".join(argv) for argv, _ in COMMANDS])
def test_what_a_command_loads(argv: list[str], unwanted: frozenset[str]) -> None:
    assert loaded(argv) & unwanted == set()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("crashdesk.cli.main", LIGHT | {"argparse", "tomllib"}),
        ("crashdesk.model.records", LIGHT),
        ("crashdesk.config.load", LIGHT),
    ],
)
def test_what_a_module_loads(module: str, unwanted: frozenset[str]) -> None:
    code = f"import {module}, sys, json; json.dump([name.partition('.')[0] for name in sys.modules], sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert set(json.loads(done.stdout)) & unwanted == set()


MOST_AT_START = 175
"""Modules of our own before the first picture. Each costs about a quarter of a millisecond."""
LATER = frozenset(
    {
        "crashdesk.config.settings_file",
        "crashdesk.config.levels_file",
        "crashdesk.config.baskets",
        "crashdesk.desk.chart.pair",
        "crashdesk.desk.command_line",
        "crashdesk.desk.reader",
        "crashdesk.desk.suggestions",
        "crashdesk.model.columns",
        "crashdesk.model.records",
        "crashdesk.outside.level_finder",
        "crashdesk.outside.notify",
        "crashdesk.recording.reader",
        "crashdesk.session.state",
        "crashdesk.session.stops",
    }
)
_DESK_CODE = """\
import json, sys, typing
from crashdesk.cli import main, opening, first_start
from crashdesk.cli.parser import build_parser
from crashdesk.config.load import load_settings
for argv in ([], ["demo"]):
    build_parser(argv).parse_args(argv)
load_settings(None, {})
ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "crashdesk"}
classes = [each for module in ours.values() for each in vars(module).values() if isinstance(each, type)]
records = [each for each in classes if hasattr(each, "_fields") and each.__module__ in ours]
texts = [each.__name__ for each in records for kind in each.__annotations__.values() if type(kind) is typing.ForwardRef]
json.dump([list(ours), texts], sys.stdout)
"""


@pytest.fixture(scope="module")
def at_start() -> tuple[set[str], list[str]]:
    """Our modules in memory when a desk can be built, and the records in them that have annotations as text."""
    done = subprocess.run([sys.executable, "-c", _DESK_CODE], capture_output=True, text=True, timeout=120, check=True)
    names, texts = json.loads(done.stdout)
    return set(names), texts


def test_what_a_desk_loads_before_its_first_picture(at_start: tuple[set[str], list[str]]) -> None:
    assert at_start[0] & LATER == set()
    assert len(at_start[0]) <= MOST_AT_START


def test_records_have_no_annotations_as_text(at_start: tuple[set[str], list[str]]) -> None:
    """A NamedTuple compiles each of them, which costs as much again as the class: no `from __future__` where it is."""
    assert at_start[1] == []
