"""The chart of the sectors' changes as bars from zero."""

from __future__ import annotations

from crashdesk.brief import words
from crashdesk.brief.content import Brief
from crashdesk.brief.page.markup import Drawing, element, text
from crashdesk.brief.page.scale import Scale
from crashdesk.session.views import SectorTile

_WIDTH, _ROW = 720.0, 20.0
_NAMES, _FIGURES = 150.0, 70.0
_BAR = 12.0
_MOST_NAME = 20


def sectors_drawing(brief: Brief) -> Drawing | None:
    """Sectors worst first, then the groups beside them; None when nothing is known of any."""
    tiles = (*brief.sectors.tiles, *brief.sectors.groups)
    known = [tile.change_24h_pct for tile in tiles if tile.change_24h_pct is not None]
    if not known:
        return None
    low, high = min(0.0, *known), max(0.0, *known)
    across = Scale(low, high, _NAMES + (_FIGURES if low < 0 else 0), _WIDTH - (_FIGURES if high > 0 else 4))
    height = len(tiles) * _ROW + 4
    zero = across.at(0.0)
    inside = "".join(_bar(tile, at, across) for at, tile in enumerate(tiles))
    inside += element("line", class_="zero", x1=zero, x2=zero, y1=0.0, y2=height)
    told = "; ".join(f"{tile.name} {words.percent(tile.change_24h_pct, 2)}" for tile in tiles)
    title = f"Change of each sector in 24 h, {brief.sectors.weights.value} weight"
    return Drawing("sectors", title, f"{told}.", _WIDTH, height, inside)


def _bar(tile: SectorTile, at: int, across: Scale) -> str:
    y, change = at * _ROW + 2, tile.change_24h_pct
    baseline = y + _BAR - 1
    parts = [element("text", text(tile.name, _MOST_NAME), class_="name", x=0.0, y=baseline)]
    zero = across.at(0.0)
    if change is None:
        return "".join([*parts, element("text", words.UNKNOWN, class_="tick", x=zero + 4, y=baseline)])
    end = across.at(change)
    kind = "down" if change < 0 else "up"
    parts.append(element("rect", class_=f"bar {kind}", x=min(zero, end), y=y, width=abs(end - zero), height=_BAR))
    x, anchor = (end - 4, "end") if change < 0 else (end + 4, "start")
    parts.append(element("text", text(words.percent(change, 2)), class_="name", x=x, y=baseline, text_anchor=anchor))
    return "".join(parts)
