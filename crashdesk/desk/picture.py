"""The screen as an SVG picture."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from crashdesk.config.fonts import FAMILY, font_faces
from crashdesk.desk.picture_grounds import merged_grounds

if TYPE_CHECKING:
    from textual.app import App

_WEB_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_FAMILY = re.compile(r"font-family:\s*Fira Code[^;]*;")
_FONTS = f'font-family: "{FAMILY}", Menlo, Consolas, monospace;'
_TITLE_FAMILY = re.compile(r"font-family:\s*arial;")
_BLACK = re.compile(r"fill: #4b4e55")
"""What Rich takes for a terminal's black is a grey, too light for words on a coloured ground."""
_SIZE = re.compile(r"font-size:\s*20px;")
_FITTING = "font-size: 20.26px;"
"""The cells are 12.2 wide, this font 0.602 of its size: what ignores `textLength` keeps the columns, too."""
_TEXT = re.compile(r'<text class="([^"]*)" x="([^"]*)" y="([^"]*)" textLength="([^"]*)"([^>]*)>([^<]*)</text>')
_BLANK = "&#160;"
_LINE_CLIPS = re.compile(
    r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\s*|\sclip-path="url\(#[^)]*-line-\d+\)"', re.DOTALL
)
_NAMES = re.compile(r"terminal-\d+-")
"""Told by Textual from a sum over what is drawn and more: the same screen shall be the same file."""


def export_svg(app: App[Any], title: str = "crashdesk") -> str:
    """What the app shows now as SVG text without links; its font is inside, so it looks the same everywhere."""
    svg = app.export_screenshot(title=title)
    changes = (
        (_BLACK, "fill: #000000"),
        (_WEB_FONTS, ""),
        (_COMMENT, ""),
        (_FAMILY, _FONTS),
        (_TITLE_FAMILY, _FONTS),
        (_SIZE, _FITTING),
    )
    for pattern, put in changes:
        svg = pattern.sub(put, svg)
    svg = merged_grounds(_TEXT.sub(_without_blanks, _LINE_CLIPS.sub("", _NAMES.sub("d-", svg))))
    return svg.replace("<style>", f"<style>\n{font_faces()}", 1)


def _without_blanks(match: re.Match[str]) -> str:
    """A run of text that starts at its first visible character: some viewers drop blanks at either end of a run."""
    name, x, y, length, rest, text = match.groups()
    cells = cell_len(html.unescape(text))
    head = text
    before = after = 0
    while head.startswith(_BLANK):
        head, before = head[len(_BLANK) :], before + 1
    while head.endswith(_BLANK):
        head, after = head[: -len(_BLANK)], after + 1
    if not head or before + after == 0:
        return match.group() if head else ""
    cell = float(length) / cells
    start, size = float(x) + before * cell, float(length) - (before + after) * cell
    return f'<text class="{name}" x="{start:g}" y="{y}" textLength="{size:g}"{rest}>{head}</text>'
