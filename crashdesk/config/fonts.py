"""The font of pictures and pages, shipped with the program: nothing is loaded from the net.

DejaVu Sans Mono (`crashdesk/fonts/LICENSE`), cut down to the characters that a desk can show.
"""

from __future__ import annotations

import base64
from pathlib import Path

FAMILY = "DejaVu Sans Mono"
_FACES = (("DejaVuSansMono", "normal"), ("DejaVuSansMono-Bold", "bold"))


def _folder() -> Path:
    return Path(__file__).parent.parent / "fonts"


def font_files() -> tuple[Path, ...]:
    """The TrueType files, regular and bold."""
    return tuple(_folder() / f"{name}.ttf" for name, _ in _FACES)


def web_fonts() -> tuple[Path, ...]:
    """The WOFF2 files, regular and bold, cut down to letters, figures, boxes and blocks."""
    return tuple(_folder() / f"{name}.woff2" for name, _ in _FACES)


def font_faces() -> str:
    """CSS `@font-face` rules that hold the fonts themselves (WOFF2, 19 kB each): letters, figures, boxes and blocks."""
    return "\n".join(_face(name, weight) for name, weight in _FACES)


def _face(name: str, weight: str) -> str:
    data = base64.b64encode((_folder() / f"{name}.woff2").read_bytes()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )
