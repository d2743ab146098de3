"""The pure parts of the desk: figures, bars, cells, tiles, layout, order, tape, matching, typing."""

from __future__ import annotations

import random
from datetime import UTC
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from crashdesk.desk import figures
from crashdesk.desk.bars import bar, sparkline, track
from crashdesk.desk.cells import BarCell, fit_cells, form_width
from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.glyphs import ASCII, UNICODE, to_ascii
from crashdesk.desk.layout import PANES, Arrangement, plan
from crashdesk.desk.line import Line, clip
from crashdesk.desk.liquidations.tape import Tape
from crashdesk.desk.messages import AskLine
from crashdesk.desk.prices import short_price, written_price
from crashdesk.desk.prompt import Prompt
from crashdesk.desk.tickers.columns import fitting, gaps
from crashdesk.desk.tickers.order import TickerOrder
from crashdesk.model.money import MICRO
from crashdesk.model.records import Side
from crashdesk.session.liquidation_views import FeedRow, FeedView
from tests.desk.sample_events import cascades
from tests.desk.sample_liquidations import feed_rows
from tests.desk.sample_look import sample_look
from tests.desk.sample_market import NOW_MS, ticker_rows


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "$0"),
        (412_400_000, "$412"),
        (999_600_000, "$1.0k"),
        (88_120 * MICRO, "$88.1k"),
        (999_960 * MICRO, "$1.00M"),
        (33_958_700 * MICRO, "$33.96M"),
        (99_996_000 * MICRO, "$100.0M"),
        (118_204_330 * MICRO, "$118.2M"),
        (999_960_000 * MICRO, "$1.000bn"),
        (1_278_700_000 * MICRO, "$1.279bn"),
    ],
)
def test_short_dollars(micro: int, text: str) -> None:
    assert figures.usd_short(micro) == text


@given(st.integers(0, 9 * 10**17))
def test_short_dollars_are_within_half_a_step(micro: int) -> None:
    text = figures.usd_short(micro)
    unit = {"n": 1e9, "M": 1e6, "k": 1e3}.get(text[-1], 1.0)
    number = text.strip("$bnMk").replace(",", "")
    decimals = len(number.partition(".")[2])
    assert abs(float(number) * unit - micro / MICRO) <= unit * 10**-decimals * 0.501
    assert len(text) <= 10


@pytest.mark.parametrize(
    ("value", "text"), [(None, "·"), (-3.4449, "−3.4%"), (7.0, "+7.0%"), (0.0, "+0.0%"), (-0.001, "−0.0%")]
)
def test_percent(value: float | None, text: str) -> None:
    assert figures.percent(value, UNICODE) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (126_200.0, "126.2k"),
        (104_912.0, "104.9k"),
        (63_120.0, "63.12k"),
        (3598.0, "3598"),
        (163.1, "163.1"),
        (16.61, "16.61"),
    ],
)
def test_short_price(value: float, text: str) -> None:
    assert short_price(value, UNICODE) == text


@given(st.floats(1e-9, 900_000))
def test_short_price_fits_its_column(value: float) -> None:
    assert len(short_price(value, UNICODE)) <= 6


def test_times() -> None:
    assert figures.clock(NOW_MS, UTC) == "03:12:44"
    assert figures.date(NOW_MS, UTC) == "2025-11-04"
    assert figures.day_name(1_759_708_800_000, NOW_MS, UTC) == "Oct 6"
    assert figures.day_name(1_729_708_800_000, NOW_MS, UTC) == "Oct'24"
    assert [figures.age(ms) for ms in (-5, 800, 12_300, 180_000, 7_200_000, 4 * 86_400_000)] == [
        "0.0s", "0.8s", "12s", "3m", "2h", "4d",
    ]  # fmt: skip


def test_bars_stay_in_their_room() -> None:
    for width in range(12):
        for part in (0.0, 0.001, 0.5, 1.0, 7.0):
            assert len(bar(part, width, UNICODE)) <= max(width, 1)
            assert len(sparkline([1, 5, 2, 9, 4], width, UNICODE)) <= width
    assert bar(0.0, 10, UNICODE) == ""
    assert bar(1.0, 4, UNICODE) == "████"
    assert sparkline([3, 3, 3], 3, UNICODE) == "▁▁▁"
    assert track(0, 5, 10, 7, UNICODE) == "├──●──┤"
    assert track(0, 99, 10, 7, UNICODE) == "├────●┤"


def test_ascii_glyphs_are_ascii() -> None:
    assert all(getattr(ASCII, name).isascii() for name in ASCII._fields)
    assert [len(getattr(ASCII, name)) for name in ASCII._fields] == [
        len(getattr(UNICODE, name)) for name in ASCII._fields
    ]
    assert to_ascii("−3 % · “x” ↯") == '-3 % - "x" ?'


@given(st.text(max_size=60), st.integers(0, 40))
def test_clip_never_exceeds_its_room(text: str, width: int) -> None:
    line = Line(width)
    assert line.put(clip(text.replace("\n", " "), width, "…"), Style())


def test_a_figure_is_never_cut() -> None:
    assert clip("low near 104,912 today", 12, "…") == "low near…"
    assert clip("low near 104,912 today", 17, "…") == "low near 104,912…"


def test_cells_give_way_by_rank() -> None:
    style = Style()
    cells = [
        BarCell(9, ((("brand", style),),)),
        BarCell(0, ((("REPLAY 24", style),), (("REPLAY", style),))),
        BarCell(5, ((("okx 0.8s htx 2.0s", style),), (("0.8s", style),))),
    ]

    def shown(width: int) -> list[str]:
        return ["".join(text for text, _ in form) for form in fit_cells(cells, width, 2)]

    assert shown(80) == ["brand", "REPLAY 24", "okx 0.8s htx 2.0s"]
    assert shown(28) == ["REPLAY 24", "okx 0.8s htx 2.0s"]
    assert shown(22) == ["brand", "REPLAY 24", "0.8s"]
    assert shown(12) == ["REPLAY", "0.8s"]
    assert shown(6) == ["REPLAY"]
    assert shown(3) == []
    assert all(sum(map(form_width, fit_cells(cells, w, 2))) <= w for w in range(60))


@given(
    st.integers(1, 260),
    st.integers(1, 80),
    st.sampled_from(PANES),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10),
    st.booleans(),
)
def test_parts_fit_and_do_not_overlap(
    width: int, height: int, focus: str, zoomed: bool, scrubber: bool, suggestions: int, reader: bool
) -> None:
    want = Arrangement(focus, zoomed, scrubber, suggestions, reader)
    parts = plan(width, height, want)
    ground = [region for name, region in parts.items() if name not in {"suggestions", "reader"}]
    assert all(
        region.x >= 0 and region.y >= 0 and region.right <= width and region.bottom <= height
        for region in parts.values()
    )
    assert not any(a.overlaps(b) for place, a in enumerate(ground) for b in ground[:place])
    if height >= 5:
        assert focus in parts
        assert sum(region.area for region in ground) == width * height


@pytest.mark.parametrize("size", [(100, 31), (120, 36), (160, 48), (240, 67)])
def test_large_terminals_show_all_six(size: tuple[int, int]) -> None:
    assert set(PANES) <= set(plan(*size, Arrangement(scrubber=True)))


@pytest.mark.parametrize("width", range(20, 240, 7))
def test_columns_fit(width: int) -> None:
    placed = fitting(width, 6, 10)
    assert sum(size for _, size in placed) + sum(gaps(placed, width)) <= width
    assert all(size >= column.least for column, size in placed)


def test_order_stays_until_it_is_asked_for() -> None:
    rows = ticker_rows()
    order = TickerOrder()
    assert order.rows(rows) == list(rows)
    assert order.sort_by("2")
    first = [row.symbol for row in order.rows(rows)]
    changes = [row.change_24h_pct or 0 for row in order.rows(rows)]
    assert changes == sorted(changes)
    rng = random.Random(1)
    moved = tuple(row._replace(change_24h_pct=rng.uniform(-9, 9)) for row in rows)
    assert [row.symbol for row in order.rows(moved)] == first
    assert order.sort_by("2")
    live = [row.change_24h_pct or 0 for row in order.rows(moved)]
    assert live == sorted(live)
    order.reverse()
    assert [row.change_24h_pct or 0 for row in order.rows(moved)] == sorted(live, reverse=True)
    assert not order.sort_by("q")


def test_unknown_values_are_sorted_last_both_ways() -> None:
    rows = ticker_rows()
    for letter in "1hvf":
        order = TickerOrder()
        order.sort_by(letter)
        for _ in range(2):
            values = [order.sorting.column.value(row) for row in order.rows(rows)]  # type: ignore[union-attr]
            known = [value is not None for value in values]
            assert known == sorted(known, reverse=True)
            order.reverse()


def test_fuzzy() -> None:
    assert fuzzy("btc", "BTC/USDT") == 0
    assert fuzzy("bt", "BNT") == 1
    assert fuzzy("xyz", "BTC/USDT") is None
    assert fuzzy("", "anything") == 0


def tape_text(tape: Tape, height: int) -> list[str]:
    return [strip.text for strip in tape.lines(80, height, (), sample_look(), focus=True)]


def test_tape_follows_then_stands() -> None:
    tape = Tape()
    rows = feed_rows(300, 0)
    tape.take(FeedView(rows, 300))
    assert tape.following
    assert tape.chosen is rows[-1]
    for _ in range(40):
        tape.act("move_down", 10)
    assert tape.chosen is rows[-41]
    stood = tape_text(tape, 10)
    later = (*rows, *feed_rows(25, 300, NOW_MS + 9_000))
    tape.take(FeedView(later, 325))
    assert tape_text(tape, 10) == stood
    assert tape.newer == 25
    tape.act("move_first", 10)
    assert tape.following
    assert tape.chosen is later[-1]


def test_a_cascade_stands_where_it_happened() -> None:
    tape = Tape()
    rows = feed_rows(600, 0)
    tape.take(FeedView(rows, 600))
    lines = [strip.text for strip in tape.lines(90, 700, cascades(), sample_look(), focus=False)]
    at = next(place for place, text in enumerate(lines) if "CASCADE" in text)
    assert "CASCADE 03:09:10–03:11:52  $61.30M  96% long  BTC −1.9%  htx okx bybit" in lines[at]
    assert lines[at - 1][1:9] >= "03:11:52" >= lines[at + 1][1:9]


def test_newest_first() -> None:
    tape = Tape()
    tape.take(FeedView(feed_rows(50, 0), 50))
    times = [text[1:9] for text in tape_text(tape, 50)]
    assert all(a >= b for a, b in pairwise(times))


class FakeKey:
    def __init__(self, key: str, character: str | None = None) -> None:
        self.key, self.character = key, character
        self.is_printable = character is not None and character.isprintable()


def test_prompt_edits_one_line() -> None:
    heard: list[str] = []
    prompt = Prompt(AskLine("x", lambda _text: None, text="ab", changed=heard.append))
    for key, character in (
        ("c", "c"),
        ("home", None),
        ("delete", None),
        ("Z", "Z"),
        ("end", None),
        ("backspace", None),
    ):
        assert prompt.key(FakeKey(key, character))  # type: ignore[arg-type]
    assert prompt.text == "Zb"
    prompt.insert("one\ntwo\x1b[31m \u202etfel")
    assert prompt.text == "Zbone two[31m tfel"
    prompt.key(FakeKey("ctrl+w"))  # type: ignore[arg-type]
    assert prompt.text == "Zbone two[31m "
    prompt.key(FakeKey("ctrl+u"))  # type: ignore[arg-type]
    assert prompt.text == ""
    assert heard[-1] == ""
    assert not prompt.key(FakeKey("f5"))  # type: ignore[arg-type]


def feed_row(number: int, venue: str, symbol: str, price: float, usd: int = 100) -> FeedRow:
    return FeedRow(number, NOW_MS, venue, symbol, Side.LONG, price, usd * MICRO)


def test_columns_of_the_tape_never_touch() -> None:
    tape = Tape()
    rows = (
        feed_row(1, "binanceusdm", "1000PEPE/USDT:USDT", 0.0062),
        feed_row(2, "hyperliquid", "POPCAT/USDT:USDT", 0.0000121),
        feed_row(3, "binancecoinm", "BTC/USD:BTC", 106_200.5),
    )
    tape.take(FeedView(rows, 3))
    assert [text.split()[1:5] for text in tape_text(tape, 3)] == [
        ["bin-coin", "BTC-USD", "LONG", "106,200"],
        ["hyperliq", "POPCAT", "LONG", "1.2e−5"],
        ["bin-usdm", "1000PEPE", "LONG", "0.0062000"],
    ]


@pytest.mark.parametrize(
    ("price", "text"), [(105_000.0, "105,000"), (0.00000912, "0.00000912"), (3598.42, "3,598.42"), (10.0, "10")]
)
def test_written_price(price: float, text: str) -> None:
    assert written_price(price) == text
