"""The brief as plain text and as Markdown."""

from __future__ import annotations

import re
from datetime import tzinfo
from textwrap import fill

from crashdesk.brief.content import Brief
from crashdesk.brief.sections import Section, sections, title
from crashdesk.brief.tables import Table
from crashdesk.model.text import clean

_WIDTH = 116
"""What a desk of 120 columns shows of a page: a line that is longer would be folded a second time there."""
_HARD_SPACE = "\N{NO-BREAK SPACE}"
_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")


def brief_text(brief: Brief, zone: tzinfo) -> str:
    """Plain text, at most about 120 columns wide; times in `zone`."""
    head = title(brief, zone)
    parts = [f"{head}\n{'=' * len(head)}"]
    for section in sections(brief, zone):
        parts.append(f"{section.title.upper()}")
        parts += [_filled(sentence) for sentence in section.sentences]
        parts += ["\n" + plain_table(table) + "\n" for table in section.tables]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _filled(sentence: str) -> str:
    """A sentence over lines of the page; a figure stays with its percent sign."""
    held = clean(sentence, 2000).replace(" %", f"{_HARD_SPACE}%")
    return fill(held, _WIDTH).replace(_HARD_SPACE, " ")


def plain_table(table: Table) -> str:
    """A table in aligned columns, without a line end."""
    rows = [table.head, *(tuple(clean(cell, 200) for cell in row) for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.head))]
    lines = []
    for row in rows:
        cells = (c.ljust(w) if i < table.left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def brief_markdown(brief: Brief, zone: tzinfo) -> str:
    """Markdown with tables; text from outside is escaped."""
    parts = [f"# {_escape(title(brief, zone))}", *map(_markdown, sections(brief, zone))]
    return "\n\n".join(parts) + "\n"


def _markdown(section: Section) -> str:
    parts = [f"## {section.title}", *(_escape(clean(s, 2000)) for s in section.sentences)]
    for table in section.tables:
        rule = ["---" if i < table.left else "---:" for i in range(len(table.head))]
        lines = [table.head, rule, *([_escape(clean(cell, 200)) for cell in row] for row in table.rows)]
        parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
    return "\n\n".join(parts)


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
