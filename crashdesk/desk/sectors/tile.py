"""One tile: its words, as far as they fit whole, on its colour."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from crashdesk.desk import figures
from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.line import Line, width_of
from crashdesk.desk.look import Look
from crashdesk.desk.sectors.tiles import Box
from crashdesk.session.views import MemberMove, SectorTile, UnusedMember

_PARTED = 4
"""From so many rows on a tile gives half of its last one for a gap to the tile under it."""


class Tile(NamedTuple):
    """A sector or a member. `used` is `9/9`, empty for a member; `rows` are a sector's members, the worst first.

    `symbol` is that of a member that has a price.
    """

    name: str
    change: float | None
    share: float
    used: str = ""
    rows: tuple[tuple[str, float | None], ...] = ()
    symbol: str = ""


def sector_tile(sector: SectorTile) -> Tile:
    """A sector as a tile."""
    known = [(move.coin, move.change_24h_pct) for move in sector.moves]
    unknown = [(member.coin, member.change_24h_pct) for member in sector.unused]
    used = f"{sector.members_used}/{sector.members}"
    return Tile(sector.name, sector.change_24h_pct, sector.share, used, (*known, *unknown))


def member_tile(member: MemberMove | UnusedMember) -> Tile:
    """A member as a tile."""
    symbol = member.symbol if isinstance(member, MemberMove) else ""
    return Tile(member.coin, member.change_24h_pct, member.share, symbol=symbol)


def change_words(percent: float | None, glyphs: Glyphs) -> str:
    """`−8.5%`; a dash where nothing is known."""
    return glyphs.dash if percent is None else figures.percent(percent, glyphs)


def tile_lines(tile: Tile, box: Box, scale: float, look: Look, *, chosen: bool, above: bool) -> list[list[Segment]]:
    """The lines of a tile, with a gap at its right, and at its foot if another one lies under it (`above`)."""
    palette = look.palette
    inner = box.width - 1
    if inner < 1:
        return [[Segment(" " * box.width, palette.heat_of(tile.change, scale))]] * box.height
    ground = palette.muted if tile.change is None else palette.heat_of(tile.change, scale)
    head = ground + Style(bold=True)
    marked = head + Style(reverse=not ground.reverse)
    parted = above and box.height >= _PARTED
    words = tile_words(tile, inner - 2, box.height - parted, look)
    lines = []
    for place in range(box.height):
        line = Line(box.width)
        if parted and place == box.height - 1:
            coloured = ground.bgcolor is not None or ground.reverse
            line.put((look.glyphs.upper_half if coloured else " ") * inner, palette.blank + Style(color=ground.bgcolor))
        else:
            line.put(" ", marked if chosen else ground)
            text = words[place] if place < len(words) else ""
            style = ground if place else marked if chosen else head
            line.left(text, inner - 1, style, look.glyphs.ellipsis)
        line.space(1, palette.blank)
        lines.append([Segment(part, style) for part, style in line.written()])
    return lines


def tile_words(tile: Tile, width: int, height: int, look: Look) -> list[str]:
    """Name and change, then members. A name, a figure or a member that does not fit whole is left out."""
    change, name, used = change_words(tile.change, look.glyphs), tile.name, tile.used
    room = width - width_of(change) - 1
    if used and room > width_of(name) + len(used) + 1:
        words, used = [f"{name} {used}".ljust(width - width_of(change)) + change], ""
    elif room >= width_of(name):
        words = [f"{name}{' ' * (width - width_of(name) - width_of(change))}{change}"]
    elif height > 1:
        with_used = f"{change} {used}".rstrip()
        second = with_used if width_of(with_used) <= width else change
        words, used = [text for text in (name, second) if width_of(text) <= width], ""
    else:
        words, used = [change if room >= -1 else ""], ""
    return (words + _members(tile, used, width, height - len(words), look))[:height]


def _members(tile: Tile, used: str, width: int, rows: int, look: Look) -> list[str]:
    """The worst members first: one to a line where there are lines enough, else as many as fit."""
    changes = [(coin, change_words(change, look.glyphs)) for coin, change in tile.rows]
    coins, wide = (max((width_of(pair[i]) for pair in changes), default=0) for i in (0, 1))
    if rows >= len(changes) + bool(used) and coins + 1 + wide <= width:
        listed = (f"{coin}{' ' * (coins - width_of(coin))} {change:>{wide}}" for coin, change in changes)
        return [*([used] if used else []), *listed]
    words, current = [], used
    for member in (f"{coin} {change}" for coin, change in changes):
        joined = f"{current}  {member}" if current else member
        if width_of(joined) <= width:
            current = joined
            continue
        if current:
            words.append(current)
        current = member
        if width_of(member) > width:
            return words  # a later one would look like the worst
    return [*words, current]
