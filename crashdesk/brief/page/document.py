"""The whole page: the sections of the brief, with charts, in a document that needs nothing else."""

from __future__ import annotations

from datetime import tzinfo
from importlib.resources import files

from crashdesk.brief.content import Brief
from crashdesk.brief.page.hours import hours_drawing
from crashdesk.brief.page.markup import element, text
from crashdesk.brief.page.price import price_drawing
from crashdesk.brief.page.sectors import sectors_drawing
from crashdesk.brief.sections import Figure, Section, sections, title
from crashdesk.brief.tables import Table

_MOST_CELL = 200
_LONG_WORD = 30
_FEW_ROWS = 15
"""A table with so few rows is not parted by the end of a page."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A browser is told to load nothing and to run nothing, should anything slip in."""


def brief_html(brief: Brief, zone: tzinfo) -> str:
    """The brief as HTML; times in `zone`. The same state always gives the same bytes."""
    head = text(title(brief, zone))
    label = brief.session.label if brief.session is not None else ""
    drawings = {
        Figure.PRICE: price_drawing(brief),
        Figure.SECTORS: sectors_drawing(brief),
        Figure.HOURS: hours_drawing(brief, zone),
    }
    body = [element("h1", head)]
    if label and brief.session is not None:
        body.append(element("p", text(f"{label}: {brief.session.title}"), class_="label"))
    for section in sections(brief, zone):
        drawing = drawings.get(section.figure) if section.figure is not None else None
        body.append(_section(section, drawing.markup() if drawing is not None else ""))
    return _page(head, element("main", "\n".join(["", *body, ""])))


def _page(head: str, body: str) -> str:
    style = files("crashdesk.brief.page").joinpath("page.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{head}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _section(section: Section, drawing: str) -> str:
    parts = [element("h2", text(section.title)), *(element("p", text(said)) for said in section.sentences)]
    parts += [drawing] if drawing else []
    parts += [_table(table, f"{section.title}: {table.head[0]}") for table in section.tables]
    return element("section", "\n".join(["", *parts, ""]))


def _table(table: Table, name: str) -> str:
    """The first cell of a row is its head; the first `left` columns are set to the left."""
    heads = "".join(
        element("th", text(cell, _MOST_CELL), scope="col", class_=_side(at, table))
        for at, cell in enumerate(table.head)
    )
    rows = "\n".join(element("tr", _cells(row, table)) for row in table.rows)
    caption = element("caption", text(name))
    inside = f"{caption}\n{element('thead', element('tr', heads))}\n{element('tbody', rows)}"
    whole = "wide whole" if len(table.rows) <= _FEW_ROWS else "wide"
    return element("div", element("table", inside), class_=whole, role="region", aria_label=name, tabindex="0")


def _cells(row: tuple[str, ...], table: Table) -> str:
    first, *others = row
    made = element("th", text(first, _MOST_CELL), scope="row", class_=_side(0, table) + _long(first))
    return made + "".join(
        element("td", text(cell, _MOST_CELL), class_=f"{_side(at, table)}{_sign(cell)}{_long(cell)}")
        for at, cell in enumerate(others, start=1)
    )


def _side(at: int, table: Table) -> str:
    return "left" if at < table.left else "right"


def _long(cell: str) -> str:
    """A word that no column is made for may be broken anywhere."""
    return " long" if any(len(word) > _LONG_WORD for word in cell.split()) else ""


def _sign(cell: str) -> str:
    """Percentages that are signed are coloured by their sign, which they also bear."""
    if " %" not in cell:
        return ""
    return " down" if cell.startswith("−") else " up" if cell.startswith("+") else ""
