"""Pane 2: which sectors lead down."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crashdesk.desk import figures
from crashdesk.desk.line import Line, Piece, width_of
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import ChooseSymbol, Tell
from crashdesk.desk.sectors.tiles import Box, neighbour, tile_boxes
from crashdesk.session.views import DeskView, SectorsView, SectorTile, WeightMode

SCALES = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 50.0, 100.0)
"""Percent at the ends of the colour ramp."""


class SectorsPane(LinePane):
    """Tiles: area is share, colour is change; arrows go to the neighbour, Enter to its worst member."""

    number = 2
    name_shown = "Sectors"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="sectors")
        self._sectors: SectorsView | None = None
        self._waiting = ""
        self._chosen = ""
        self._boxes: list[Box] = []

    def show(self, view: DeskView) -> None:
        """Take the sectors."""
        if self._sectors is view.sectors and self._waiting == view.status.waiting:
            return
        self._sectors, self._waiting = view.sectors, view.status.waiting
        self.redraw()

    def pane_key(self, action_id: str) -> bool:
        """Go to a neighbour, choose the worst member, change the weights."""
        tiles = self._tiles
        if action_id == "weights":
            modes = list(WeightMode)
            now = self._sectors.weights if self._sectors else WeightMode.EQUAL
            mode = modes[(modes.index(now) + 1) % len(modes)]
            self.post_message(Tell(lambda link: link.select_weights(mode)))
            return True
        if not tiles or len(self._boxes) != len(tiles):
            return False
        at = self._at(tiles)
        if action_id == "choose":
            if tiles[at].moves:
                self.post_message(ChooseSymbol(tiles[at].moves[0].symbol))
            return True
        if action_id in {"move_first", "move_last"}:
            self._chosen = tiles[0 if action_id == "move_first" else -1].name
        elif action_id in {"move_left", "move_right", "move_up", "move_down"}:
            self._chosen = tiles[neighbour(self._boxes, at, action_id)].name
        else:
            return False
        self.redraw()
        return True

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """Choose the tile under the mouse; twice is Enter."""
        tiles = self._tiles
        for tile, box in zip(tiles, self._boxes, strict=False):
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                self._chosen = tile.name
                self.redraw()
                if double:
                    self.pane_key("choose")

    def caption(self) -> Sequence[Piece]:
        """Whose baskets, which weights, how many members."""
        sectors, between = self._sectors, self.look.glyphs.between
        if sectors is None or not sectors.tiles:
            return ()
        words = f"{sectors.title} {between} {sectors.weights} weight {between} "
        return ((f"{words}{sectors.members_used}/{sectors.members} members ", self.look.palette.muted),)

    def foot(self) -> Sequence[Piece]:
        """The colour scale."""
        palette, glyphs = self.look.palette, self.look.glyphs
        if self._sectors is None or not self._sectors.tiles:
            return ()
        end = f"{_scale(self._sectors):g}%"
        ramp = [("  ", style) for style in palette.heat]
        return ((f" {glyphs.minus}{end} ", palette.muted), *ramp, (f" +{end} ", palette.muted))

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The tiles."""
        sectors, palette = self._sectors, self.look.palette
        if sectors is None or not sectors.tiles:
            self._boxes = []
            line = Line(width)
            line.left(f" {self._waiting or 'waiting for prices'}", width, palette.muted, self.look.glyphs.ellipsis)
            return [line.strip(palette.blank)]
        tiles = self._tiles
        self._boxes = tile_boxes([tile.share for tile in tiles], width, height)
        scale = _scale(sectors)
        rows: list[list[tuple[int, list[Segment]]]] = [[] for _ in range(height)]
        at = self._at(tiles)
        for place, (tile, box) in enumerate(zip(tiles, self._boxes, strict=True)):
            style = palette.heat_of(tile.change_24h_pct, scale)
            lines = _tile(tile, box, style, self.look, chosen=place == at and self.has_focus)
            for offset, segments in enumerate(lines):
                rows[box.y + offset].append((box.x, segments))
        strips = []
        for row in rows:
            row.sort(key=lambda part: part[0])
            strips.append(Strip([segment for _, segments in row for segment in segments], width))
        return strips

    @property
    def _tiles(self) -> tuple[SectorTile, ...]:
        """The sectors, and the groups beside them."""
        return (*self._sectors.tiles, *self._sectors.groups) if self._sectors is not None else ()

    def _at(self, tiles: Sequence[SectorTile]) -> int:
        return next((place for place, tile in enumerate(tiles) if tile.name == self._chosen), 0)


def _scale(sectors: SectorsView) -> float:
    """The least of `SCALES` that holds every change."""
    widest = max((abs(tile.change_24h_pct) for tile in sectors.tiles if tile.change_24h_pct is not None), default=0.0)
    return next((scale for scale in SCALES if widest <= scale), SCALES[-1])


def _tile(tile: SectorTile, box: Box, ground: Style, look: Look, *, chosen: bool) -> list[list[Segment]]:
    """The lines of a tile: its name and change, members, and the worst of them as room allows; a gap at its right."""
    palette, glyphs = look.palette, look.glyphs
    inner = box.width - 1
    if inner < 1:
        return [[Segment(" " * box.width, palette.blank)]] * box.height
    bold = ground + Style(bold=True)
    words = _tile_words(tile, inner - 2, box.height, look)
    lines = []
    for place in range(box.height):
        line = Line(box.width)
        edge = glyphs.bar[3] if chosen else " "
        line.put(edge, bold)
        text = words[place] if place < len(words) else ""
        line.left(text, inner - 1, bold if place == 0 else ground, glyphs.ellipsis)
        line.space(1, palette.blank)
        lines.append([Segment(part, style) for part, style in line.written()])
    return lines


def _tile_words(tile: SectorTile, width: int, height: int, look: Look) -> list[str]:
    """Name and change, then members. A name or a member that does not fit whole is left out."""
    change = figures.percent(tile.change_24h_pct, look.glyphs)
    used = f"{tile.members_used}/{tile.members}"
    room = width - width_of(change) - 1
    name = tile.name
    if room > width_of(name) + len(used) + 1:
        words, used = [f"{name} {used}".ljust(width - width_of(change)) + change], ""
    elif room >= width_of(name):
        words = [f"{name}{' ' * (width - width_of(name) - width_of(change))}{change}"]
    elif height > 1:
        with_used = f"{change} {used}"
        second = with_used if width_of(with_used) <= width else change
        words, used = [text for text in (name, second) if width_of(text) <= width], ""
    else:
        words, used = [change if room >= -1 else ""], ""
    return (words + _members(tile, used, width, height - len(words), look))[:height]


def _members(tile: SectorTile, used: str, width: int, rows: int, look: Look) -> list[str]:
    """The worst members first: one to a line in columns where there are lines enough, else as many as fit."""
    changes = [(move.coin, figures.percent(move.change_24h_pct, look.glyphs)) for move in tile.moves]
    coins, wide = (max((width_of(pair[i]) for pair in changes), default=0) for i in (0, 1))
    if rows >= len(changes) + bool(used) and coins + 1 + wide <= width:
        return [*([used] if used else []), *(f"{coin:<{coins}} {change:>{wide}}" for coin, change in changes)]
    words, current = [], used
    for member in (f"{coin} {change}" for coin, change in changes):
        joined = f"{current}  {member}" if current else member
        if width_of(joined) <= width:
            current = joined
            continue
        if current:
            words.append(current)
        current = member if width_of(member) <= width else ""
    return [*words, current]
