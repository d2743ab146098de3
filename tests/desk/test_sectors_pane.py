"""The sectors pane: opened and closed, chosen by key and mouse, and what it says of what is not known."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from crashdesk.desk.line_pane import LinePane
from crashdesk.desk.messages import ChooseSymbol, Say
from crashdesk.desk.sectors.foot import Counted, count_members, foot_pieces
from crashdesk.desk.sectors.pane import SectorsPane
from crashdesk.desk.sectors.tile import sector_tile, tile_lines, tile_words
from crashdesk.desk.sectors.tiles import Box
from crashdesk.session.views import MemberMove, SectorsView, SectorTile, UnusedMember, WeightMode
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view

ALPHA = SectorTile(
    "Alpha",
    -4.0,
    3,
    2,
    (MemberMove("X", "X/USDT", -6.0, 0.5), MemberMove("Y", "Y/USDT", -2.0, 0.3)),
    0.6,
    (UnusedMember("Z", None, 0.2),),
)
BETA = SectorTile("Beta", 1.0, 1, 1, (MemberMove("V", "V/USDT", 1.0, 1.0),), 0.3)
GAMMA = SectorTile("Gamma", None, 1, 0, (), 0.1, (UnusedMember("Q", None, 1.0),))
SECTORS = SectorsView("mine", WeightMode.EQUAL, (ALPHA, BETA, GAMMA), 5, 3)


class Stand(App[None]):
    """The pane alone, and what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = SectorsPane(sample_look())
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_choose_symbol(self, message: ChooseSymbol) -> None:
        self.told.append(message.symbol)

    def on_say(self, message: Say) -> None:
        self.told.append(message.text)


def screen(pane: LinePane) -> str:
    return "\n".join(strip.text for strip in pane.lines(*pane.size))


async def on_stand(check: Callable[[Stand, Pilot[None]], object], size: tuple[int, int] = (90, 20)) -> Stand:
    stand = Stand()
    async with stand.run_test(size=size) as pilot:
        stand.pane.show(desk_view()._replace(sectors=SECTORS))
        stand.pane.focus()
        await pilot.pause()
        check(stand, pilot)
        await pilot.pause()
    return stand


async def test_enter_opens_the_members_and_escape_goes_back() -> None:
    def check(stand: Stand, _: Pilot[None]) -> None:
        pane = stand.pane
        assert "Alpha 2/3" in screen(pane)
        assert not pane.pane_key("clear")
        pane.pane_key("choose")
        shown = screen(pane)
        assert "Alpha −4.0% · equal weight · 2/3 members" in shown
        assert "Beta" not in shown
        assert ["Z", "–"] in [line.split("│")[-2].split()[-2:] for line in shown.splitlines()[1:-1]]
        pane.pane_key("choose")
        assert pane.pane_key("clear")
        assert "Beta" in screen(pane)

    stand = await on_stand(check)
    assert stand.told == ["X/USDT"]


async def test_a_member_without_a_price_is_a_dash_and_is_not_chosen() -> None:
    def check(stand: Stand, _: Pilot[None]) -> None:
        pane = stand.pane
        pane.pane_key("choose")
        pane.pane_key("move_last")
        assert tile_words(sector_tile(GAMMA), 20, 3, pane.look)[0].split() == ["Gamma", "0/1", "–"]
        pane.pane_key("choose")

    stand = await on_stand(check)
    assert stand.told == ["Z: no venue tells its price here"]


async def test_a_click_chooses_and_a_second_one_opens() -> None:
    stand = Stand()
    async with stand.run_test(size=(90, 20)) as pilot:
        stand.pane.show(desk_view()._replace(sectors=SECTORS))
        await pilot.pause()
        await pilot.click(stand.pane, offset=(88, 3))
        assert "mine" in screen(stand.pane)
        await pilot.click(stand.pane, offset=(88, 3), times=2)
        assert "Beta +1.0%" in screen(stand.pane)


async def test_a_sector_that_goes_away_is_left() -> None:
    def check(stand: Stand, _: Pilot[None]) -> None:
        stand.pane.pane_key("choose")
        stand.pane.show(desk_view()._replace(sectors=SECTORS._replace(tiles=(BETA, GAMMA))))
        assert "Beta 1/1" in screen(stand.pane)

    await on_stand(check)


def test_members_are_counted_by_what_is_known() -> None:
    other = SectorTile("D", 0.0, 2, 1, (MemberMove("F", "F/USDT", 0.0, 0.5),), 0.1, (UnusedMember("G", -1.0, 0.5),))
    assert count_members((*SECTORS.tiles, other)) == Counted(rising=1, flat=1, falling=3, unknown=2)


@pytest.mark.parametrize("width", [0, 20, 30, 45, 60, 110])
@pytest.mark.parametrize(
    "counted", [Counted(1, 0, 63, 0), Counted(0, 0, 0, 5), Counted(3, 2, 1, 4), Counted(0, 0, 0, 0)]
)
def test_the_foot_takes_no_more_room_than_there_is(counted: Counted, width: int) -> None:
    look = sample_look()
    pieces = foot_pieces(counted, 12.0, look, width)
    assert sum(len(text) for text, _ in pieces) <= width
    if width == 110 and any(counted):
        text = "".join(part for part, _ in pieces)
        assert f" rising {counted.rising} " in text
        assert f" falling {counted.falling} " in text
        assert ("unknown" in text) == bool(counted.unknown)
        assert len(text.split(f"rising {counted.rising} ")[1].split(" falling")[0]) == 24


async def test_what_is_chosen_is_named_in_the_frame_however_small_its_tile() -> None:
    def check(stand: Stand, _: Pilot[None]) -> None:
        tiny = GAMMA._replace(share=0.0)
        stand.pane.show(desk_view()._replace(sectors=SECTORS._replace(tiles=(ALPHA, BETA, tiny))))
        stand.pane.pane_key("move_last")
        top, *body = screen(stand.pane).splitlines()
        assert "Gamma – " in top
        assert not any("Gamma" in line for line in body)

    await on_stand(check, size=(60, 8))


@pytest.mark.parametrize("height", [3, 4, 5])
def test_tiles_that_stand_over_one_another_are_parted_where_there_are_rows_for_it(height: int) -> None:
    box, tile = Box(0, 0, 12, height), sector_tile(ALPHA)

    def rows(*, above: bool, plain_ascii: bool = False) -> list[str]:
        look = sample_look(plain_ascii=plain_ascii)
        lines = tile_lines(tile, box, 10.0, look, chosen=False, above=above)
        return ["".join(segment.text for segment in line) for line in lines]

    alone = rows(above=False)
    assert all(len(line) == 12 and line.endswith(" ") for line in alone)
    if height < 4:
        assert rows(above=True) == alone
    else:
        assert rows(above=True)[-1] == "▀" * 11 + " "
        assert rows(above=True, plain_ascii=True)[-1] == " " * 12
        assert rows(above=True)[0] == alone[0]


def test_a_gap_has_the_colour_of_its_tile_on_the_ground_of_the_pane() -> None:
    look = sample_look()
    tile = sector_tile(ALPHA)
    last = tile_lines(tile, Box(0, 0, 12, 4), 10.0, look, chosen=False, above=True)[-1]
    style = last[0].style
    assert style is not None
    assert style.color == look.palette.heat_of(tile.change, 10.0).bgcolor
    assert style.bgcolor == look.palette.blank.bgcolor
