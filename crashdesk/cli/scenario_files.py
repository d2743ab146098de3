"""Recordings of the built-in scenarios: built on first use by a child process, kept in the cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crashdesk.config.paths import ensure_dir
from crashdesk.model.errors import CrashdeskError
from crashdesk.recording.version import FORMAT_VERSION
from crashdesk.scenarios.catalogue import Scenario


def scenario_file(scenario: Scenario, cache_dir: Path) -> Path:
    """Where the recording of a scenario is kept: another version of it or of the format is another file."""
    return cache_dir / "scenarios" / f"{scenario.name}.v{scenario.version}.f{FORMAT_VERSION}.crash"


def ensure_built(scenario: Scenario, cache_dir: Path, progress: Callable[[int], None]) -> Path:
    """The recording of a scenario, built if it is not there yet; `progress` gets 0 to 100.

    Raises CrashdeskError when it cannot be built.
    """
    path = scenario_file(scenario, cache_dir)
    if path.exists():
        return path
    import subprocess

    from crashdesk.outside.own_module import own_module

    ensure_dir(cache_dir)
    ensure_dir(path.parent)
    command = own_module("crashdesk.cli.build_scenario", scenario.name, str(path))
    # our own interpreter and module; the name is one of the catalogue's
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:  # noqa: S603
        for line in child.stdout or ():
            progress(int(line))
        errors = child.stderr.read() if child.stderr else ""
    if child.returncode or not path.exists():
        last = errors.strip().splitlines()[-1:] or [f"exit {child.returncode}"]
        raise CrashdeskError(f"the scenario {scenario.name} cannot be built in {path.parent}: {last[0]}")
    return path
