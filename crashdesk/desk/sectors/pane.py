"""Pane 2: which sectors lead down, and which of their members."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from crashdesk.desk.cells import form_width
from crashdesk.desk.empty import no_sectors, said
from crashdesk.desk.line import Piece
from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.look import Look
from crashdesk.desk.messages import ChooseSymbol, Say, Tell
from crashdesk.desk.sectors.foot import count_members, foot_pieces
from crashdesk.desk.sectors.tile import Tile, change_words, member_tile, sector_tile, tile_lines
from crashdesk.desk.sectors.tiles import Box, neighbour, tile_boxes
from crashdesk.session.views import DeskView, SectorsView, SectorTile, WeightMode

SCALES = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 50.0, 100.0)
"""Percent at the ends of the colour ramp."""
_FRAME, _HEAD = 8, 24
"""Cells of the frame beside its foot, and beside what is said at its head."""


class SectorsPane(LinePane):
    """Tiles: area is weight, colour is change. Arrows go to the neighbour; Enter opens a sector, chooses a member."""

    number = 2
    name_shown = "Sectors"

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="sectors")
        self._sectors: SectorsView | None = None
        self._nothing = no_sectors(None)
        self._open = ""
        self._chosen = {True: "", False: ""}
        """The tile that is chosen: among the members of the open sector, and among the sectors."""
        self._boxes: list[Box] = []
        self._laid: tuple[object, ...] = ()
        self._places: dict[str, Box] = {}

    def show(self, view: DeskView) -> None:
        """Take the sectors."""
        nothing = "" if view.sectors.tiles else no_sectors(view)
        if self._sectors is view.sectors and self._nothing == nothing:
            return
        self._sectors, self._nothing = view.sectors, nothing
        self.redraw()

    def pane_key(self, action_id: str) -> bool:
        """Go to a neighbour, open a sector and close it, choose a member, change the weights."""
        if action_id == "weights":
            modes = list(WeightMode)
            now = self._sectors.weights if self._sectors else WeightMode.EQUAL
            mode = modes[(modes.index(now) + 1) % len(modes)]
            self.post_message(Tell(lambda link: link.select_weights(mode)))
            return True
        if action_id == "clear" and self._opened is not None:
            self._open = ""
            self.redraw()
            return True
        tiles = self._tiles
        if not tiles or len(self._boxes) != len(tiles):
            return False
        at = self._at(tiles)
        if action_id == "choose":
            self._enter(tiles[at])
        elif action_id in {"move_first", "move_last"}:
            self._choose(tiles[0 if action_id == "move_first" else -1])
        elif action_id in {"move_left", "move_right", "move_up", "move_down"}:
            self._choose(tiles[neighbour(self._boxes, at, action_id)])
        else:
            return False
        return True

    def _choose(self, tile: Tile) -> None:
        self._chosen[self._opened is not None] = tile.name
        self.redraw()

    def _enter(self, tile: Tile) -> None:
        """Open a sector; make a member the desk's symbol."""
        if self._opened is None:
            self._open, self._chosen = tile.name, {True: "", False: tile.name}
            self.redraw()
        elif tile.symbol:
            self.post_message(ChooseSymbol(tile.symbol))
        else:
            self.post_message(Say(f"{tile.name}: no venue tells its price here"))

    def click_cell(self, x: int, y: int, *, double: bool) -> None:
        """Choose the tile under the mouse; twice is Enter."""
        for tile, box in zip(self._tiles, self._boxes, strict=False):
            if box.holds(x, y):
                self._choose(tile)
                if double:
                    self._enter(tile)
                return

    def caption(self) -> Sequence[Piece]:
        """Whose baskets or which sector, which weights, how many members; the first is left out for want of room."""
        sectors, opened, glyphs = self._sectors, self._opened, self.look.glyphs
        if sectors is None or not sectors.tiles:
            return ()
        weights = WeightMode.EQUAL if opened in sectors.groups else sectors.weights
        shown = sectors if opened is None else opened
        words = f"{weights} weight {glyphs.between} {shown.members_used}/{shown.members} members "
        if opened is not None:
            words = f"{opened.name} {change_words(opened.change_24h_pct, glyphs)} {glyphs.between} {words}"
        elif len(sectors.title) + len(words) + form_width(self.note()) + _HEAD <= self.size.width:
            words = f"{sectors.title} {glyphs.between} {words}"
        return ((words, self.look.palette.muted),)

    def note(self) -> Sequence[Piece]:
        """The tile that is chosen, whose words may not fit into it; without the focus the worst sector."""
        palette, tiles = self.look.palette, self._tiles
        if not tiles:
            return ()
        tile = tiles[self._at(tiles)] if self.has_focus else tiles[0]
        change = (f"{change_words(tile.change, self.look.glyphs)} ", palette.change(tile.change))
        worst = "" if self.has_focus or self._opened is not None else "worst "
        back = f"{self.look.glyphs.between} {self.key('clear')}: all sectors " if self._opened is not None else ""
        return ((f" {worst}{tile.name} ", palette.muted), change, (back, palette.muted))

    def foot(self) -> Sequence[Piece]:
        """How many members rise and fall, and the colour scale."""
        if self._sectors is None or not self._sectors.tiles:
            return ()
        counted = count_members((self._opened,) if self._opened is not None else self._sectors.tiles)
        return foot_pieces(counted, _scale(self._tiles), self.look, self.size.width - _FRAME)

    def body(self, width: int, height: int) -> Sequence[Strip]:
        """The tiles."""
        tiles = self._tiles
        self._lay(tiles, width, height)
        if not tiles:
            return said(self._nothing, width, height, self.look)
        scale, at = _scale(tiles), self._at(tiles)
        rows: list[list[tuple[int, list[Segment]]]] = [[] for _ in range(height)]
        for place, (tile, box) in enumerate(zip(tiles, self._boxes, strict=True)):
            chosen, above = place == at and self.has_focus, box.y + box.height < height
            for offset, segments in enumerate(tile_lines(tile, box, scale, self.look, chosen=chosen, above=above)):
                rows[box.y + offset].append((box.x, segments))
        strips = []
        for row in rows:
            row.sort(key=lambda part: part[0])
            strips.append(Strip([segment for _, segments in row for segment in segments], width))
        return strips

    def _lay(self, tiles: Sequence[Tile], width: int, height: int) -> None:
        """Where the tiles lie: of equal ones the first by name comes first, so that they never change places."""
        shares = tuple(sorted((tile.name, tile.share) for tile in tiles))
        if self._laid != (shares, width, height):
            self._laid = (shares, width, height)
            boxes = tile_boxes([share for _, share in shares], width, height)
            self._places = {name: box for (name, _), box in zip(shares, boxes, strict=False)}
        self._boxes = [self._places[tile.name] for tile in tiles] if self._places else []

    @property
    def _opened(self) -> SectorTile | None:
        """The sector that is open."""
        sectors = self._sectors
        if not self._open or sectors is None:
            return None
        return next((tile for tile in (*sectors.tiles, *sectors.groups) if tile.name == self._open), None)

    @property
    def _tiles(self) -> tuple[Tile, ...]:
        """The members of the open sector; else the sectors, and the groups beside them."""
        opened, sectors = self._opened, self._sectors
        if opened is not None:
            return (*map(member_tile, opened.moves), *map(member_tile, opened.unused))
        return tuple(sector_tile(tile) for tile in (*sectors.tiles, *sectors.groups)) if sectors is not None else ()

    def _at(self, tiles: Sequence[Tile]) -> int:
        name = self._chosen[self._opened is not None]
        return next((place for place, tile in enumerate(tiles) if tile.name == name), 0)


def _scale(tiles: Sequence[Tile]) -> float:
    """The least of `SCALES` that holds every change."""
    widest = max((abs(tile.change) for tile in tiles if tile.change is not None), default=0.0)
    return next((scale for scale in SCALES if widest <= scale), SCALES[-1])
