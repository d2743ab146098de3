"""Where panes stand: in any room and layout they fill it, keep their minima, and the focused one is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.geometry import Region

from crashdesk.config.layouts import PANES, PRESETS, Box, PaneBox, PaneLayout, SplitBox, panes_of
from crashdesk.desk.boxes import MINIMUM, Part, placed, shares
from crashdesk.desk.layout import Arrangement, plan

WEIGHTS = st.floats(0.01, 1000)
BOUNDS = st.none() | st.integers(3, 120)


@st.composite
def boxes(draw: st.DrawFn, panes: tuple[str, ...], depth: int = 0) -> Box:
    """A box of exactly these panes, in this order."""
    weight, least, most = draw(WEIGHTS), draw(BOUNDS), draw(BOUNDS)
    if most is not None and most < (least or 0):
        most = None
    if len(panes) == 1 and (depth or draw(st.booleans())):
        return PaneBox(panes[0], weight, least, most)
    cuts = sorted(draw(st.sets(st.integers(1, len(panes) - 1)))) if len(panes) > 1 else []
    if depth == 5:
        cuts = list(range(1, len(panes)))
    parts = [panes[a:b] for a, b in zip([0, *cuts], [*cuts, len(panes)], strict=True)]
    return SplitBox(draw(st.booleans()), tuple(draw(boxes(part, depth + 1)) for part in parts), weight, least, most)


@st.composite
def layouts(draw: st.DrawFn) -> PaneLayout:
    """Any layout that a file may hold."""
    order = draw(st.permutations(PANES))
    panes = tuple(order[: draw(st.integers(1, 6))])
    box = draw(boxes(panes))
    return PaneLayout("any", "", SplitBox(False, (box,)) if isinstance(box, PaneBox) else box)


def least_rows(box: Box, over: SplitBox | None = None) -> dict[str, int]:
    """The rows that each pane must have: written down for it, else its own minimum."""
    if isinstance(box, PaneBox):
        written = box.least if over is not None and not over.across else None
        return {box.pane: written or MINIMUM[box.pane].height}
    return {pane: rows for inner in box.boxes for pane, rows in least_rows(inner, box).items()}


def least_columns(box: Box, over: SplitBox | None = None) -> dict[str, int]:
    """The columns: written down for it or for a side that it stands in, else its own minimum."""
    written = box.least if over is not None and over.across else None
    if isinstance(box, PaneBox):
        return {box.pane: written or MINIMUM[box.pane].width}
    inner = {pane: columns for one in box.boxes for pane, columns in least_columns(one, box).items()}
    return {pane: min(columns, written or columns) for pane, columns in inner.items()}


def check_room(parts: dict[str, Region], room: Region) -> None:
    """The regions fill the room without gap and overlap."""
    assert sum(part.area for part in parts.values()) == room.area
    regions = list(parts.values())
    assert all(room.contains_region(part) and part.width and part.height for part in regions)
    for at, part in enumerate(regions):
        assert not any(part.overlaps(other) for other in regions[at + 1 :])


@settings(max_examples=400)
@given(layouts(), st.integers(1, 400), st.integers(3, 200), st.sampled_from(PANES))
def test_panes_fill_the_room_and_keep_their_minima(layout: PaneLayout, width: int, height: int, focus: str) -> None:
    room = Region(2, 1, width, height)
    parts = placed(layout, room, focus)
    check_room(parts, room)
    assert focus in parts
    if focus not in panes_of(layout.root):
        assert parts == {focus: room}
    if len(parts) > 1:
        rows, columns = least_rows(layout.root), least_columns(layout.root)
        for name, part in parts.items():
            assert part.width >= min(columns[name], MINIMUM[name].width, width)
            # over one another where they stood beside one another, rows that were written for them count no more
            assert part.height >= min(rows[name], MINIMUM[name].height)


@settings(max_examples=300)
@given(
    layouts() | st.sampled_from([*PRESETS.values()]),
    st.integers(20, 400),
    st.integers(5, 200),
    st.sampled_from(PANES),
    st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 12)),
)
def test_the_whole_terminal_is_used_once(
    layout: PaneLayout, width: int, height: int, focus: str, open_: tuple[bool, bool, bool, int]
) -> None:
    zoomed, scrubber, reader, suggestions = open_
    parts = dict(plan(width, height, Arrangement(focus, zoomed, scrubber, suggestions, reader, layout)))
    terminal = Region(0, 0, width, height)
    assert all(terminal.contains_region(part) for part in parts.values())
    assert focus in parts
    if zoomed:
        assert set(parts) & set(PANES) == {focus}
    for over in ("reader", "suggestions"):
        parts.pop(over, None)
    check_room(parts, terminal)


@given(st.integers(0, 500), st.lists(st.tuples(WEIGHTS, st.integers(0, 60), BOUNDS), min_size=1, max_size=7))
def test_shares_are_whole_and_within_their_bounds(length: int, wanted: list[tuple[float, int, int | None]]) -> None:
    parts = [Part(*one) for one in wanted]
    if sum(part.least for part in parts) > length:
        length = sum(part.least for part in parts)
    given_ = shares(length, parts)
    assert sum(given_) == length
    assert all(size >= part.least for size, part in zip(given_, parts, strict=True))
    if all(part.most is not None for part in parts) and length > sum(max(p.most or 0, p.least) for p in parts):
        return
    assert all(
        size <= max(part.most, part.least) for size, part in zip(given_, parts, strict=True) if part.most is not None
    )


@pytest.mark.parametrize(
    ("length", "parts", "sizes"),
    [
        (100, [Part(1, 0), Part(1, 0), Part(2, 0)], [25, 25, 50]),
        (100, [Part(1, 40), Part(1, 0), Part(2, 0)], [40, 20, 40]),
        (100, [Part(1, 0, 10), Part(1, 0), Part(2, 0)], [10, 30, 60]),
        (10, [Part(1, 0, 2), Part(3, 0, 2)], [2, 8]),
        (7, [Part(1, 0), Part(1, 0)], [4, 3]),
    ],
)
def test_shares_by_hand(length: int, parts: list[Part], sizes: list[int]) -> None:
    assert shares(length, parts) == sizes


@pytest.mark.parametrize("layout", PRESETS.values(), ids=PRESETS)
@pytest.mark.parametrize("size", [(120, 36), (160, 48), (240, 67)])
def test_every_pane_of_a_preset_is_seen_where_there_is_room(layout: PaneLayout, size: tuple[int, int]) -> None:
    focus = panes_of(layout.root)[0]
    for scrubber in (False, True):
        parts = plan(*size, Arrangement(focus, scrubber=scrubber, layout=layout))
        assert set(parts) & set(PANES) == set(panes_of(layout.root))
        assert ("mini" in parts) == (not {"liquidations", "levels"} <= set(parts))


def test_a_small_terminal_shows_one_pane_and_the_figures_that_are_always_seen() -> None:
    for layout in PRESETS.values():
        for focus in PANES:
            parts = plan(80, 24, Arrangement(focus, scrubber=True, layout=layout))
            assert set(parts) == {"status", "bottom", "scrubber", "mini", focus}


def test_a_high_narrow_terminal_shows_several_over_one_another() -> None:
    seen = {focus: set(plan(80, 48, Arrangement(focus))) & set(PANES) for focus in PANES}
    assert seen["tickers"] == {"tickers", "liquidations"}
    assert seen["chart"] == {"tickers", "chart"}
    assert all(focus in shown and len(shown) == 2 for focus, shown in seen.items())
