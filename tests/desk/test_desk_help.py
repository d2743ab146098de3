"""Help of every pane and mode, and the hints of the bottom line: made from the table, whole at every size."""

from __future__ import annotations

import pytest

from crashdesk.config.actions import ACTIONS
from crashdesk.config.commands import COMMANDS
from crashdesk.config.keymap import build_keymap
from crashdesk.desk.acts import OWNERS
from crashdesk.desk.glyphs import ASCII, UNICODE, Glyphs
from crashdesk.desk.help import help_for, help_page
from crashdesk.desk.hints import ALWAYS, ANYTIME, EVERYWHERE, MODES, MORE_HINTS, PANE_HINTS, REPLAY
from crashdesk.desk.layout import PANES
from crashdesk.desk.legends import everywhere, legend
from tests.desk.fake_link import make_desk
from tests.desk.sample_look import sample_look
from tests.desk.test_desk_app import rows_of
from tests.desk.waiting import settled

IDS = {action.id for action in ACTIONS}


def page_of(pane: str, width: int) -> list[str]:
    """The help of a pane as text."""
    keymap, _ = build_keymap(())
    owned = [action_id for action_id, owner in OWNERS.items() if owner == pane]
    page = help_page(keymap, help_for(keymap, pane, pane.capitalize(), owned), width, sample_look())
    return ["".join(text for text, _ in pieces) for pieces in page]


def test_hints_name_actions_of_the_table_and_each_once_in_a_pane() -> None:
    for hints in (*PANE_HINTS.values(), *MORE_HINTS.values(), EVERYWHERE, REPLAY, ANYTIME, ALWAYS):
        assert {action_id for action_id, _ in hints} <= IDS
    for pane in PANES:
        told = [action_id for action_id, _ in (*PANE_HINTS[pane], *MORE_HINTS.get(pane, ()))]
        assert len(set(told)) == len(told)
    assert set(PANE_HINTS) == {*PANES, *MODES, "reader"}


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("width", [36, 76, 122])
def test_help_of_a_pane_fits_and_names_everything(pane: str, width: int) -> None:
    lines = page_of(pane, width)
    assert all(len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    assert lines[0] == f"in this pane: {pane.capitalize()}"
    own, _, rest = text.partition("what is shown")
    for action_id, _ in PANE_HINTS[pane]:
        assert next(action for action in ACTIONS if action.id == action_id).keys
    for action_id, owner in OWNERS.items():
        if owner == pane:
            assert action_id in {"sort", "filter", "level_edit"} or (
                next(action for action in ACTIONS if action.id == action_id).description in own
            )
    for action in ACTIONS:
        assert action.description in rest
    for command in COMMANDS:
        assert command.usage in rest
        assert command.description in rest


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_legend_explains_with_the_signs_of_the_desk(pane: str, glyphs: object) -> None:
    rows = legend(pane, glyphs)  # type: ignore[arg-type]
    assert 4 <= len(rows) <= 24
    assert all(sign and words for sign, words in rows)
    if glyphs is ASCII:
        assert all(sign.isascii() for sign, _ in rows)


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_help_explains_the_top_line_and_the_strip(pane: str, glyphs: Glyphs) -> None:
    text = " ".join(" ".join(page_of(pane, 122)).split())
    for words in ("falling 63/64", "stress 63 4/6", "RECONSTRUCTION", "liq 24h"):
        assert words in text
    rows = everywhere(glyphs)
    assert glyphs is UNICODE or all(sign.isascii() for sign, _ in rows)
    assert {*f"{glyphs.cascade}{glyphs.bookmark}{glyphs.gap}"} <= {*"".join(sign for sign, _ in rows)}


def test_a_column_has_the_name_in_the_help_that_stands_over_it() -> None:
    signs = {sign for sign, _ in legend("tickers", UNICODE)}
    assert {"sym", "last", "24h range", "path", "vs SMA200", "fund", "vol 24h", "OI", "liq 1h"} <= signs


@pytest.mark.parametrize("size", [(160, 48), (80, 24)])
async def test_the_focused_pane_is_first_in_help(size: tuple[int, int]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for number, pane in enumerate(PANES, 1):
            await pilot.press(str(number), "question_mark")
            await settled(pilot)
            shown = "\n".join(rows_of(app))
            assert f"in this pane: {pane.capitalize()}" in shown
            await pilot.press("escape")
            await settled(pilot)


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((160, 48), ("t timeframe", "c candles", "i averages", "o O zoom", "x crosshair", "A trend line", "a level")),
        ((240, 67), ("v second chart", "P by price", "U volume", "y log axis", "n note", "z zoom")),
        ((80, 24), ("? help", ": command", "t timeframe", "o O zoom", "q quit")),
    ],
)
async def test_the_bottom_line_tells_the_keys_of_the_chart(size: tuple[int, int], told: tuple[str, ...]) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("4")
        await settled(pilot)
        line = rows_of(app)[-1]
        for words in told:
            assert words in line
