"""Memory and CPU time of a running process."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def resident_mb(pid: int) -> float:
    """Resident memory in MB (2**20 bytes): /proc where there is one, `ps` elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return _status_kb(status.read_text(), "VmRSS:") / 1024
    return int(_ps(pid, "rss")) / 1024


def cpu_seconds(pid: int) -> float:
    """CPU time used so far, user and system."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    parts = [float(part) for part in _ps(pid, "time").replace("-", ":").split(":")]
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


def _status_kb(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)


def _ps(pid: int, field: str) -> str:
    done = subprocess.run(["ps", "-o", f"{field}=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return done.stdout.strip()
