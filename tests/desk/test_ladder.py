from __future__ import annotations

import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.desk.glyphs import ASCII, UNICODE, Glyphs
from crashdesk.desk.levels.detail import detail_lines
from crashdesk.desk.levels.ladder import ATR, atr_words, fit_columns, ladder_line, last_line, sums_words
from crashdesk.desk.levels.rungs import level_key, rungs_of, seen_range
from crashdesk.desk.levels.words import brief_name, level_name, level_price, short_name, state_words
from crashdesk.model.level import LevelKind, LevelState
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.session.level_views import LevelChange, LevelRow
from tests.desk.chart_data import level
from tests.desk.sample_chart import ladder_view
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import MIDNIGHT_MS, NOW_MS

LOOK = sample_look()


def test_the_last_price_stands_between_the_levels() -> None:
    view = ladder_view()
    prices = [rung.price if rung else "last" for rung in rungs_of(view)]
    assert prices == [126_200, 110_000, 109_800, "last", 105_000, 100_000, 94_200]
    assert None not in rungs_of(view._replace(last=None))
    assert rungs_of(view._replace(last=110_000.0)).index(None) == 2


@given(count=st.integers(1, 40), height=st.integers(1, 40), centre=st.integers(0, 39), cursor=st.integers(0, 39))
def test_last_price_or_cursor_is_always_seen(count: int, height: int, centre: int, cursor: int) -> None:
    centre, cursor = min(centre, count - 1), min(cursor, count - 1)
    seen = seen_range(count, height, centre, None)
    assert len(seen) == min(count, height)
    assert centre in seen
    assert cursor in seen_range(count, height, centre, cursor)


def test_three_above_and_three_below_come_first() -> None:
    assert seen_range(20, 7, 10, None) == range(7, 14)


def test_names_and_states() -> None:
    own = level(105_000.0, LevelKind.STOP, "exit", "a1")
    assert level_name(own) == 'mine "exit"'
    assert level_name(own._replace(label="")) == "mine stop"
    assert short_name(own) == "exit"
    rows = {row.price: row for row in ladder_view().rows}
    assert level_name(rows[109_800]) == "SMA200"
    assert level_name(rows[94_200]) == "Fairlead support"
    assert level_name(rows[94_200]._replace(label="next support")) == "next support (Fairlead)"
    assert level_price(rows[109_800]._replace(price=109_834.15), 2) == "109,834"
    assert level_price(own._replace(price=105_250.5), 2) == "105,250.50"
    assert state_words(rows[109_800], NOW_MS, UTC) == "breached 11-03 close"
    assert state_words(rows[105_000], NOW_MS, UTC) == "testing 03:02"
    old = own._replace(state=LevelState.BREACHED, state_since_ms=MIDNIGHT_MS - 30 * HOUR_MS)
    assert state_words(old, NOW_MS, UTC) == "breached 11-02"
    assert state_words(own._replace(state=None), NOW_MS, UTC) == ""


@pytest.mark.parametrize("width", [10, 24, 36, 48, 60, 80, 120])
def test_columns_fit_and_figures_are_never_cut(width: int) -> None:
    view = ladder_view()
    columns = fit_columns(view, width, NOW_MS, LOOK)
    for row in view.rows:
        text = ladder_line(row, view, columns, width, NOW_MS, LOOK).strip(LOOK.palette.blank).text
        assert len(text) == width
        assert level_price(row, 0) in text
        if columns.distance:
            assert f"{row.distance_pct:+.1f}%".replace("-", "−") in text
    assert "106,200" in last_line(view, columns, width, LOOK).strip(LOOK.palette.blank).text


def test_a_wide_ladder_shows_everything() -> None:
    view = ladder_view()
    columns = fit_columns(view, 78, NOW_MS, LOOK)
    text = ladder_line(view.rows[2], view, columns, 78, NOW_MS, LOOK).strip(LOOK.palette.blank).text
    assert text.split() == ["≈", "109,800", "SMA200", "+3.4%", "1.0", "ATR", "breached", "11-03", "close"]


@pytest.mark.parametrize("width", [44, 51, 56, 70])
def test_the_state_outlives_the_source(width: int) -> None:
    row = ladder_view().rows[-1]
    said = [
        row._replace(kind=LevelKind.ROUND, label="round", source="market report of 4 November 2025"),
        row._replace(label="Fairlead", source="Fairlead (Katie Stockton)", state=LevelState.TESTING),
        row._replace(label="low of June", source="a long report (page 4)"),
    ]
    assert [level_name(one) for one in said] == ["round", "Fairlead", "low of June (a long report)"]
    view = ladder_view()._replace(rows=tuple(said))
    columns = fit_columns(view, width, NOW_MS, sample_look())
    lines = [
        "".join(text for text, _ in ladder_line(one, view, columns, width, NOW_MS, sample_look()).written())
        for one in said
    ]
    assert columns.state
    assert "testing" in lines[1]
    assert "Fairlead" in lines[1]
    assert "(a lo" not in lines[2] or "(a long report)" in lines[2]


def found_row(**changes: object) -> LevelRow:
    row = LevelRow(
        None, "BTC/USDT", 103_528.23, LevelKind.SUPPORT, "swing low 2025-10-17", "found", LevelState.TESTING,
        NOW_MS - 10 * MINUTE_MS, -2.5, 0.7, ("swing low 2025-10-17, 4 touches", "last month's low"), 4,
        (88_860_000_000_000, 4_150_000_000_000), None,
        (
            LevelChange(LevelState.BREACHED, MIDNIGHT_MS - 24 * HOUR_MS, over=False),
            LevelChange(LevelState.RECLAIMED, MIDNIGHT_MS, over=True),
            LevelChange(LevelState.TESTING, NOW_MS - 2 * HOUR_MS),
            LevelChange(LevelState.RECLAIMED, NOW_MS - HOUR_MS),
            LevelChange(LevelState.TESTING, NOW_MS - 10 * MINUTE_MS),
        ),
    )  # fmt: skip
    return row._replace(**changes)  # type: ignore[arg-type]


def test_a_found_level_is_named_by_its_reason() -> None:
    row = found_row()
    assert level_name(row) == "swing low 2025-10-17"
    assert brief_name(row) == "swing low"
    assert level_price(row, 2) == "103,528"
    assert sums_words(row) == "$93.01M L"
    assert sums_words(row._replace(liquidated=(1_000_000, 3_000_000_000_000))) == "$3.00M S"
    assert sums_words(row._replace(liquidated=None)) == sums_words(row._replace(liquidated=(0, 0))) == ""
    averaged = row._replace(kind=LevelKind.AVERAGE, label="SMA50")
    assert level_name(averaged) == brief_name(averaged) == "SMA50"


def test_the_detail_says_why_what_was_liquidated_and_what_became_of_it() -> None:
    strips = detail_lines(found_row(), 2, 76, 3, NOW_MS, LOOK)
    assert " ".join(" ".join(strip.text for strip in strips).split()) == (
        "103,528 swing low 2025-10-17, 4 touches, last month's low liquidated at it: $88.86M long $4.15M short "
        "tested 03:02 tested 01:12 reclaimed 11-03 close breached 11-02 close"
    )


@pytest.mark.parametrize("width", range(24, 80))
def test_the_detail_says_all_of_what_was_liquidated_or_nothing(width: int) -> None:
    said = " ".join(" ".join(strip.text for strip in detail_lines(found_row(), 2, width, 3, NOW_MS, LOOK)).split())
    whole = "liquidated at it: $88.86M long $4.15M short"
    assert (whole in said) or not re.search(r"liquidated|long|short", said)


@pytest.mark.parametrize("width", [24, 30, 40, 60, 80])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_line_is_as_wide_as_the_pane_and_no_figure_is_cut(width: int, glyphs: Glyphs) -> None:
    look = LOOK._replace(glyphs=glyphs)
    view = ladder_view()
    view = view._replace(rows=(*view.rows[:3], found_row(), *view.rows[3:]))
    columns = fit_columns(view, width, NOW_MS, look)
    for row in view.rows:
        text = ladder_line(row, view, columns, width, NOW_MS, look).strip(look.palette.blank).text
        assert len(text) == width
        assert text[0] in glyphs.kinds
        assert level_price(row, 0) in text
        for figure in re.findall(r"\$\S+", text):
            assert figure in sums_words(row)
    for strip in detail_lines(found_row(), 0, width, 2, NOW_MS, look):
        assert strip.cell_length == width
        assert not re.search(r"\$[\d.]*\d(?![\dMkb.])", strip.text)


def test_a_support_under_which_the_price_falls_stays_the_chosen_level() -> None:
    assert level_key(found_row()) == level_key(found_row(kind=LevelKind.RESISTANCE))
    assert level_key(found_row()) != level_key(found_row(price=103_000.0))


@pytest.mark.parametrize(("glyphs", "mark"), [(UNICODE, "♪"), (ASCII, "!")])
def test_a_level_with_an_alert_is_marked_beside_its_price(glyphs: Glyphs, mark: str) -> None:
    look = LOOK._replace(glyphs=glyphs)
    view = ladder_view()
    rows = tuple(row._replace(alert="level") if row.price == 94_200 else row for row in view.rows)
    columns = fit_columns(view, 80, NOW_MS, look)
    drawn = [ladder_line(row, view, columns, 80, NOW_MS, look).strip(LOOK.palette.blank).text for row in rows]
    assert [line for line in drawn if mark in line] == [line for line in drawn if f"94,200{mark} " in line]
    assert sum(f"94,200{mark} " in line for line in drawn) == 1
    assert "alert level" in "".join(strip.text for strip in detail_lines(rows[-1], 2, 80, 2, NOW_MS, look))


def test_distances_in_atrs_are_never_wider_than_their_column() -> None:
    far = [atr_words(found_row(distance_atr=atr)) for atr in (0.04, 1.44, 99.94, 99.96, 512.3, None)]
    assert far == ["0.0 ATR", "1.4 ATR", "99.9 ATR", "100 ATR", "512 ATR", ""]
    assert max(map(len, far)) <= ATR


def test_a_swing_high_takes_no_column_away_from_the_swing_lows() -> None:
    """In a ladder that is as wide as on 120 columns: which levels are near must not change which columns there are."""
    low = found_row(price=103_528.0, label="swing low 2025-10-17", liquidated=None)
    high = found_row(price=116_341.0, label="swing high 2025-10-27", liquidated=None)
    rows = ((low,), (high, low))
    columns = [fit_columns(ladder_view()._replace(rows=of), 51, NOW_MS, LOOK)._replace(name=0) for of in rows]
    assert columns[0] == columns[1]
    assert columns[0].atr


def test_a_long_label_of_an_own_level_takes_no_figure_away() -> None:
    low = found_row(price=103_528.0, label="swing low 2025-10-17", liquidated=None)
    own = level(105_000.0, LevelKind.STOP, "average entry of the long position", "a1")
    view = ladder_view()._replace(rows=(own, low))
    columns = fit_columns(view, 51, NOW_MS, LOOK)
    assert columns.atr == fit_columns(view._replace(rows=(low,)), 51, NOW_MS, LOOK).atr == ATR
    text = ladder_line(own, view, columns, 51, NOW_MS, LOOK).strip(LOOK.palette.blank).text
    assert 'mine "ave… ' in text
