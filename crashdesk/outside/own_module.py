"""A module of this program as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import crashdesk


def own_module(name: str, *arguments: str) -> list[str]:
    """The command line that runs a module in this program's Python.

    Python would look for modules in the working directory first, and a `json.py` may lie in any: only the program's own
    sources are read from there.
    """
    try:
        from_sources = Path(crashdesk.__file__).parents[1] == Path.cwd()
    except OSError:  # the working directory is gone
        from_sources = False
    safe = () if from_sources else ("-P",)
    return [sys.executable, *safe, "-m", name, *arguments]
