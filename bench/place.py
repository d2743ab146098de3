"""Where the benches work: a home of their own, the scenario's recording, child processes that belong to nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crashdesk.cli.scenario_files import scenario_file
from crashdesk.scenarios.catalogue import Scenario, get_scenario

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
SCENARIO = "november-2025"
_MADE_BY = ("crashdesk/scenarios", "crashdesk/recording", "crashdesk/model")


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` is thrown away by whoever runs the benches; `quick` asks for fewer repetitions."""

    folder: Path
    quick: bool

    @property
    def environment(self) -> dict[str, str]:
        """That of every child: an empty home, no settings of the user's, a terminal of 16 million colours."""
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "VIRTUAL_ENV"}}
        homes = {f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self._been_here()
        return {
            "LANG": "C.UTF-8",
            **kept,
            **homes,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CACHE_HOME": str(RESULTS / "cache"),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
        }

    def _been_here(self) -> None:
        """The card of the first start was closed: what lies under it is what is measured."""
        file = self.folder / "data" / "crashdesk" / "desk.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('welcomed = "2025-11-03"\n', encoding="utf-8")

    def recording(self) -> Path:
        """The scenario's recording where `crashdesk demo` looks for it; built when the code that makes it is newer."""
        path = recording_file()
        if not path.exists() or path.stat().st_mtime < _newest_source():
            build_recording(path, self.environment)
        return path


@dataclass(frozen=True, slots=True)
class Built:
    """How a build went: seconds of wall time, seconds of CPU, most memory in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def scenario() -> Scenario:
    """The day that is replayed."""
    return get_scenario(SCENARIO)


def recording_file() -> Path:
    """Where the children keep the scenario."""
    return scenario_file(scenario(), RESULTS / "cache" / "crashdesk")


def build_recording(path: Path, environment: Mapping[str, str]) -> Built:
    """Build the scenario in a child process, as the product does on first use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "crashdesk.cli.build_scenario", SCENARIO, str(path)]
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the scenario was not built: exit {child.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Built(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def timed_run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, bytes]:
    """(seconds of wall time, standard output) of a whole process. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, check=True)
    return time.perf_counter() - start, done.stdout


def _newest_source() -> float:
    files = (file for folder in _MADE_BY for file in (ROOT / folder).glob("*.*"))
    return max(file.stat().st_mtime for file in files)
