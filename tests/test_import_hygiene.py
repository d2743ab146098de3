"""Commands without a screen load nothing of the screen, and nothing loads ccxt or pandas that has no use for it."""

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
