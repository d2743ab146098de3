"""SVG pictures as PNG, drawn with the program's own font (resvg, by the extra `png`)."""

from __future__ import annotations

from importlib.util import find_spec

from crashdesk.config.fonts import FAMILY, font_files
from crashdesk.model.errors import CrashdeskError


def can_make_png() -> bool:
    """Whether the extra is installed."""
    return find_spec("resvg_py") is not None


def make_png(svg: str) -> bytes:
    """The picture, one pixel for each of its units, without a font or a file from elsewhere.

    Raises CrashdeskError when the extra is not installed.
    """
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise CrashdeskError("a PNG needs an extra: pip install 'crashdesk[png]', or name a file .svg") from None
    data = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(file) for file in font_files()],
        skip_system_fonts=True,
        font_family=FAMILY,
        monospace_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    return bytes(data)
