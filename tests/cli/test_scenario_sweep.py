"""What the builder of a scenario clears away beside its file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crashdesk.cli.build_scenario import sweep


def test_files_of_killed_builders_and_of_other_versions_go_and_no_others(tmp_path: Path) -> None:
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead = int(child.stdout)
    out = tmp_path / "november-2025.v3.f3.crash"
    kept = [out, tmp_path / f"{out.name}.{os.getpid()}.partial", tmp_path / "october-2025.v1.f3.crash"]
    kept += [tmp_path / "november-2025.crash", tmp_path / f"{out.name}.notes.partial", tmp_path / "november-2025.txt"]
    gone = [tmp_path / f"{out.name}.{dead}.partial", tmp_path / f"november-2025.v2.f3.crash.{dead}.partial"]
    gone += [tmp_path / "november-2025.v2.f3.crash", tmp_path / "november-2025.v3.f2.crash"]
    for path in (*kept, *gone):
        path.write_bytes(b"x")
    sweep(out)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
