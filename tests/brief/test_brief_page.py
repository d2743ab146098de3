"""The brief as a page: it says what the Markdown says, needs nothing else, and takes nothing for markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crashdesk.brief.as_text import brief_markdown
from crashdesk.brief.content import Brief, make_brief
from crashdesk.brief.page.document import brief_html
from crashdesk.brief.page.hours import hours_of
from crashdesk.brief.page.scale import Scale, round_values
from crashdesk.brief.sections import sections
from crashdesk.cli.main import main
from crashdesk.config.baskets import load_baskets
from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.records import (
    Candle,
    Feed,
    Gap,
    Instrument,
    Liquidation,
    MarketKind,
    Note,
    Precision,
    PriceBasis,
    PriceSource,
    PublishedLevel,
    Quote,
    Session,
    Side,
)
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, Timeframe
from crashdesk.model.times import format_utc
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.session import market_tape

VOID = {"meta", "br", "wbr", "hr", "img"}
EVIL = "\"><script>alert(1)</script><img src=//x onerror=alert(2)>&amp;'</style></svg>"


class Page(HTMLParser):
    """A page taken apart; complains of what is not closed as it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag}: an attribute is there twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.tables[-1][-1][-1] += data
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def said(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


@pytest.fixture(scope="module")
def november(november_file: Path) -> Brief:
    return _brief(november_file, load_baskets(None)[0])


def _brief(path: Path, baskets: Baskets) -> Brief:
    reader = RecordingReader.open(path)
    player = Player(reader, baskets)
    player.seek(reader.end_ms)
    made = make_brief(player.state, WeightMode.EQUAL)
    reader.close()
    return made


def _rows(markdown: str) -> list[list[str]]:
    """The rows of all tables of a Markdown text."""
    lines = [line for line in markdown.splitlines() if line.startswith("|") and "---" not in line]
    return [[re.sub(r"\\(.)", r"\1", cell.strip()) for cell in line[1:-1].split(" | ")] for line in lines]


def test_its_tables_and_sentences_are_those_of_the_markdown(november: Brief) -> None:
    page = Page(brief_html(november, UTC))
    assert [row for table in page.tables for row in table] == _rows(brief_markdown(november, UTC))
    assert page.said("h2") == [section.title for section in sections(november, UTC)]
    sentences = [sentence for section in sections(november, UTC) for sentence in section.sentences]
    assert [said for said in page.said("p") if said in sentences] == sentences


def test_it_needs_nothing_else_and_runs_nothing(november: Brief) -> None:
    text = brief_html(november, UTC)
    page = Page(text)
    names = {name for name, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use", "a"}
    attributes = {key for _, found in page.tags for key in found}
    assert not {key for key in attributes if key.startswith("on") or key in {"src", "href", "style", "xlink:href"}}
    assert not re.search(r"https?:|//|url\(|@import", text)
    policy = next(found["content"] for found in page.named("meta") if "http-equiv" in found)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_those_who_do_not_see_it_are_told(november: Brief) -> None:
    page = Page(brief_html(november, UTC))
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids)) == 6
    drawings = page.named("svg")
    assert [found["role"] for found in drawings] == ["img"] * 3
    assert [name for found in drawings for name in (found["aria-labelledby"] or "").split()] == ids
    assert all(found["scope"] in {"col", "row"} for found in page.named("th"))
    assert len(page.named("caption")) == len(page.named("thead")) == len(page.tables)
    assert page.named("html") == [{"lang": "en"}]


def test_the_same_moment_is_the_same_page(november_file: Path, november: Brief) -> None:
    again = _brief(november_file, load_baskets(None)[0])
    assert brief_html(again, UTC) == brief_html(november, UTC)
    assert brief_html(again, ZoneInfo("Asia/Kolkata")) != brief_html(november, UTC)


def test_it_fits_light_dark_and_paper(november: Brief) -> None:
    style = re.findall(r"<style>(.*)</style>", brief_html(november, UTC), re.DOTALL)[0]
    for rule in ("prefers-color-scheme: dark", "@media print", "size: A4", "break-inside: avoid", "break-after: avoid"):
        assert rule in style
    assert style.count("{") == style.count("}")


def test_the_hours_add_up_to_the_day(november: Brief) -> None:
    hours = hours_of(november)
    day = november.liquidations.windows[-1].totals
    assert len(hours) == 25
    assert all(hour.start_ms % HOUR_MS == 0 and hour.seen for hour in hours)
    assert sum(hour.long for hour in hours) == pytest.approx(day.long, rel=0.002), "a day of whole minutes"
    assert sum(hour.short for hour in hours) == pytest.approx(day.short, rel=0.002)
    assert hours[-1].start_ms <= november.as_of_ms < hours[-1].start_ms + HOUR_MS


def test_hours_in_which_nobody_looked_are_not_zero(november: Brief) -> None:
    late = november._replace(start_ms=november.as_of_ms - 3 * HOUR_MS)
    view = late.liquidations
    recent = [minute for minute in view.minutes if minute[0] * 60_000 >= late.start_ms]
    gap = Gap("x", Feed.LIQUIDATIONS, late.as_of_ms - 2 * HOUR_MS, late.as_of_ms, "lost")
    lost = [row._replace(gaps=(gap,)) for row in view.coverage]
    hours = hours_of(late._replace(liquidations=view._replace(minutes=tuple(recent[:1]), coverage=tuple(lost))))
    assert [hour.seen for hour in hours[:21]] == [False] * 21
    assert hours[-1].seen is False
    text = brief_html(late._replace(liquidations=view._replace(minutes=tuple(recent))), UTC)
    assert "nobody looked" in text
    assert "nobody looked" not in brief_html(november, UTC)


def _hostile(path: Path) -> Brief:
    """Everything that comes from outside tries to be markup."""
    start, evil = market_tape.START, EVIL
    writer = RecordingWriter.open(path, Session(evil, start, evil, evil, evil, (evil,), (evil,)), start, fsync=False)
    symbol = f"{evil}/USDT"
    note = Note("n", start, Precision.DAY, evil, evil + "\x1b[31m\u202e", evil, "javascript:alert(3)")
    writer.append([note], start + 1)
    writer.append([Instrument(evil, symbol, evil, "USDT", MarketKind.SPOT, None, 2)], start + 1)
    days = start // DAY_MS * DAY_MS
    candles = [
        Candle(evil, symbol, Timeframe.D1, days - n * DAY_MS, 100.0, 110.0, 90.0, 101.0 + n % 3, 1.0, closed=True)
        for n in range(230, 0, -1)
    ]
    writer.append(candles, start + 2)
    writer.append([PublishedLevel(symbol, 104.0, "support", evil, evil, start)], start + 3)
    writer.append([Quote(evil, symbol, start, 103.0, None, None, None, None, 1e6, -5.0)], start + 4)
    order = Liquidation(evil, symbol, start, Side.LONG, 103.0, 1.0, 5_000_000_000, PriceBasis.FILL, "")
    writer.append([order], start + 5)
    writer.close(start + 6)
    return _brief(path, Baskets(evil, "", evil, (Basket(evil, (evil,), (1.0,)),)))


def test_what_comes_from_outside_is_text(tmp_path: Path) -> None:
    made = _hostile(tmp_path / "evil.crash")
    text = brief_html(made, UTC)
    page = Page(text)
    assert "<script" not in text
    assert "<img" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert [name for name, _ in page.tags].count("svg") == 3, "every chart is drawn of it"
    assert not {key for _, found in page.tags for key in found if key.startswith("on")}
    assert any(EVIL in cell for table in page.tables for row in table for cell in row)
    assert any(EVIL in said for said in page.said("h1") + page.said("p"))


def test_an_empty_recording_is_a_page_too(tmp_path: Path) -> None:
    path = tmp_path / "bare.crash"
    writer = RecordingWriter.open(path, market_tape.SESSION, market_tape.START, fsync=False)
    writer.close(market_tape.START + 1)
    page = Page(brief_html(_brief(path, market_tape.BASKETS), UTC))
    assert "No prices yet." in page.said("p")
    assert page.named("svg") == []


def test_the_largest_price_that_a_recording_takes_is_drawn(tmp_path: Path) -> None:
    path, now_ms = tmp_path / "far.crash", market_tape.START
    writer = RecordingWriter.open(path, market_tape.SESSION, now_ms, fsync=False)
    writer.append([Instrument("okx", "BTC/USDT", "BTC", "USDT", MarketKind.SPOT, None, 1)], now_ms)
    writer.append([PriceSource("BTC/USDT", "okx", now_ms)], now_ms)

    def day(before: int, high: float) -> Candle:
        return Candle("okx", "BTC/USDT", Timeframe.D1, now_ms - before * DAY_MS, 1e5, high, 1e5, 1e5, 1.0, closed=True)

    writer.append([day(n, 5e303 if n == 3 else 1e5) for n in range(20, 0, -1)], now_ms)
    with pytest.raises(OverflowError, match="a price that is none"):
        writer.append([day(0, 1.7e308)], now_ms)
    writer.append([Quote("okx", "BTC/USDT", now_ms, 1e5, None, None, None, None, None, None)], now_ms)
    writer.close(now_ms + 1)
    page = Page(brief_html(_brief(path, market_tape.BASKETS), UTC))
    assert page.named("svg")


def test_the_command_writes_it(
    november_file: Path, november: Brief, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "brief.html"
    assert main(["brief", str(november_file), "--out", str(out)]) == 0
    said = f"crashdesk: {out}: the brief of {format_utc(november.as_of_ms)}, {out.stat().st_size / 1000:,.1f} kB\n"
    assert capsys.readouterr() == ("", said)
    written = out.read_text(encoding="utf-8")
    Page(written)
    assert main(["brief", str(november_file), "--format", "html"]) == 0
    assert capsys.readouterr().out == written
    for name, first in (("brief.md", "# "), ("brief.json", "{"), ("brief", "crashdesk brief")):
        assert main(["brief", str(november_file), "--out", str(tmp_path / name)]) == 0
        assert first in (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("place", ["folder", "itself"])
def test_the_recording_is_never_written_over(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tape.crash"
    market_tape.write(path, 0.1)
    before = path.read_bytes()
    assert main(["brief", str(path), "--out", str(tmp_path if place == "folder" else path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (0.0, 80.0, 4, [0, 20, 40, 60, 80]),
        (94_000.0, 127_000.0, 5, [100_000, 110_000, 120_000]),
        (0.00012, 0.00019, 4, [0.00012, 0.00014, 0.00016, 0.00018]),
        (-10.4, 0.0, 3, [-10, -5, 0]),
        (5.0, 5.0, 4, []),
    ],
)  # fmt: skip
def test_round_values(low: float, high: float, most: int, wanted: Sequence[float]) -> None:
    assert list(round_values(low, high, most)) == pytest.approx(wanted)


def test_a_scale_of_one_value_puts_it_in_the_middle() -> None:
    assert Scale(5.0, 5.0, 0.0, 10.0).at(5.0) == 5.0
    assert Scale(0.0, 4.0, 100.0, 20.0).at(1.0) == 80.0
