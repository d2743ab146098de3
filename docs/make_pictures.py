"""Make the README's pictures from the scenario: `make pictures`; `--check` only says which would be others now.

The scenario, the moments and the settings are fixed, so the same program makes the same bytes again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "pictures"
SCENARIO = "november-2025"
AT = "2025-11-04T03:05:30Z"
"""The worst hour, a minute after its largest order."""


class Picture(NamedTuple):
    """A file, the terminal's size, the theme, and the keys that are pressed first."""

    name: str
    size: str
    theme: str = "midnight"
    keys: tuple[str, ...] = ()


PICTURES = (
    Picture("desk", "160x48"),
    Picture("liquidations", "120x36", keys=(":layout liquidations",)),
    Picture("heatmap", "120x36", keys=(":layout heatmap",)),
    Picture("paper", "120x36", "paper"),
    Picture("colorblind", "120x36", "colorblind"),
    Picture("small", "80x24"),
)


def make(folder: Path) -> None:
    """Write all pictures into `folder`, with no settings but the default ones."""
    with tempfile.TemporaryDirectory() as empty:
        homes = {f"XDG_{name}_HOME": empty for name in ("CONFIG", "DATA")}
        environment = {**os.environ, **homes, "XDG_RUNTIME_DIR": empty, "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        for picture in PICTURES:
            out = folder / f"{picture.name}.svg"
            command = [sys.executable, "-m", "crashdesk", "picture", "--scenario", SCENARIO, "--at", AT]
            command += ["--out", str(out), "--size", picture.size, "--theme", picture.theme]
            command += [word for keys in picture.keys for word in ("--keys", keys)]
            subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own program, nothing from elsewhere
            out.chmod(0o644)


def stale() -> Iterator[str]:
    """The names of the pictures that are not as they would be made now."""
    with tempfile.TemporaryDirectory() as made:
        make(Path(made))
        for picture in PICTURES:
            file = FOLDER / f"{picture.name}.svg"
            if not file.is_file() or file.read_bytes() != (Path(made) / file.name).read_bytes():
                yield file.name


def main() -> int:
    """Make them, or check them; 1 when some are not as they would be."""
    if sys.argv[1:] == ["--check"]:
        names = list(stale())
        for name in names:
            sys.stdout.write(f"docs/pictures/{name}: not as it would be made now; run: make pictures\n")
        return 1 if names else 0
    FOLDER.mkdir(exist_ok=True)
    make(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
