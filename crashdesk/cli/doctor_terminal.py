"""What the terminal can show: its size, its colours, its characters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping

from crashdesk.cli.context import Context

Check = tuple[bool | None, str]

SMALL = (80, 24)
GLYPHS = "│┌┬┐╭╮ ▁▂▃▅█ ▏▌▐ ⠤⣀⣿ ▲▼ ✎↯"
"""Of each kind that the desk draws with: frames, bars by height and by width, braille, marks. One cell each."""
_DEEP = {"truecolor", "24bit"}


def terminal_checks(context: Context) -> Iterator[Check]:
    """Size, colours and characters, each with what to do when it is less than the desk wants."""
    seen = context.stdout.isatty()
    if seen:
        columns, rows = shutil.get_terminal_size((0, 0))
        fits = columns >= SMALL[0] and rows >= SMALL[1]
        yield fits, f"terminal {columns}x{rows}" + ("" if fits else ": the desk wants 80x24 or more")
    good, text = colours(context.environment)
    yield good if seen else good or None, text
    yield from _characters(context)


def colours(environment: Mapping[str, str]) -> Check:
    """How many colours the terminal says that it has."""
    if "NO_COLOR" in environment:
        return None, "colours: none, NO_COLOR is set: bold, dim and reverse alone"
    term, deep = environment.get("TERM", ""), environment.get("COLORTERM", "").lower()
    if deep in _DEEP:
        return True, "colours: 16 million"
    if "256color" in term or "direct" in term:
        return True, f"colours: 256 (TERM={term}); where it has 16 million, COLORTERM=truecolor says so"
    if not term or term == "dumb":
        return (
            False,
            f"colours: unknown (TERM={term or 'is not set'}); a full-screen program needs one, as xterm-256color",
        )
    return None, f'colours: 16 or less (TERM={term}); `theme = "terminal"` or "mono" under [desk] is made for that'


def _characters(context: Context) -> Iterator[Check]:
    if context.settings.desk.ascii:
        yield True, "characters: plain ASCII, as wanted"
        return
    encoding = (getattr(context.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    if encoding != "utf8":
        yield None, f"characters: {encoding}, not UTF-8; set LANG to a UTF-8 one (C.UTF-8), or use --ascii"
        return
    yield None, f"characters: {GLYPHS}"
    yield None, "  seen there: lines that touch, bars that grow, dots, no empty boxes; else use another font or --ascii"
