"""The brief in sections of sentences and tables: what text and Markdown have in common."""

from __future__ import annotations

from datetime import tzinfo
from enum import StrEnum
from typing import NamedTuple

from crashdesk.brief import cascades, coverage, words
from crashdesk.brief.content import Brief
from crashdesk.brief.coverage import seen_by_window, venue_rows
from crashdesk.brief.outlook import outlook
from crashdesk.brief.tables import (
    Table,
    age,
    coins_table,
    market_table,
    sectors_table,
    share_percent,
    venues_table,
    windows_table,
)
from crashdesk.brief.technical import technical
from crashdesk.model.timeframe import DAY_MS
from crashdesk.model.words import plain_figure
from crashdesk.session import stress_words
from crashdesk.session.views import TickerRow

_NAMED_ROWS = 8
_LARGEST, _WORST = 12, 6


class Figure(StrEnum):
    """What a page that can draw shows between the sentences and the tables of a section."""

    PRICE = "price"
    SECTORS = "sectors"
    HOURS = "hours"


class Section(NamedTuple):
    """A title, sentences, and tables below them."""

    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    figure: Figure | None = None


def title(brief: Brief, zone: tzinfo) -> str:
    """The first line: the label, if there is one, and the moment."""
    label = f"{brief.session.label}: " if brief.session and brief.session.label else ""
    return f"{label}crashdesk brief, {words.moment(brief.as_of_ms, zone)}"


def sections(brief: Brief, zone: tzinfo) -> tuple[Section, ...]:
    """All sections in the order in which a crash is read."""
    made = [
        _market(brief),
        _sectors(brief),
        _liquidations(brief, zone),
        _cascades(brief, zone),
        _causes(brief, zone),
        *_series(brief),
        Section("Technical picture", technical(brief)),
        Section("Outlook", outlook(brief, zone)),
        _sources(brief, zone),
    ]
    return tuple(made)


def _lead(row: TickerRow) -> str:
    parts = [f"{row.symbol} is at {words.price(row.last, row.price_decimals)} on {row.venue}"]
    if row.change_24h_pct is not None:
        parts.append(f"{words.percent(row.change_24h_pct)} in 24 h")
    if row.low_24h is not None and row.high_24h is not None:
        low, high = (words.price(v, row.price_decimals) for v in (row.low_24h, row.high_24h))
        parts.append(f"between {low} and {high}")
    if row.lowest_since_ms is not None:
        parts.append(f"the lowest since {words.day(row.lowest_since_ms)}")
    return ", ".join(parts) + "."


def _market(brief: Brief) -> Section:
    if not brief.market:
        return Section("Market", ("No prices yet.",))
    lead = [_lead(brief.headline)] if brief.headline else []
    lead.append(_breadth(brief))
    lead.append(stress_words.sentence(brief.stress))
    shown = _named_rows(brief.market)
    if len(shown) < len(brief.market):
        lead.append(f"The largest coins and the hardest hit of {len(brief.market)} symbols; all are in the JSON.")
    return Section("Market", tuple(lead), (market_table(shown),), Figure.PRICE)


def _breadth(brief: Brief) -> str:
    """How many coins fall and are under their average, as far as that is known of any."""
    b = brief.breadth
    said = f"{b.falling} of {b.members_used} coins fall over 24 h"
    if not b.members_used:
        said = "No coin of the sectors has a change of 24 h yet"
    if any(row.sma200 is not None for row in brief.market):
        said += f"; {b.below_sma200} are under their own SMA200"
    return f"{said}."


def _named_rows(rows: tuple[TickerRow, ...]) -> tuple[TickerRow, ...]:
    """The largest coins, then those that fell the most, in the order of the market."""
    worst = sorted((r for r in rows if r.change_24h_pct is not None), key=lambda r: r.change_24h_pct or 0.0)
    named = {*(r.symbol for r in rows[:_LARGEST]), *(r.symbol for r in worst[:_WORST])}
    return tuple(r for r in rows if r.symbol in named)


def _sectors(brief: Brief) -> Section:
    view = brief.sectors
    said = f"{view.title}, {view.weights.value} weight, {view.members_used}/{view.members} members with data."
    if view.groups:
        names = ", ".join(tile.name for tile in view.groups)
        said += f" {names}: beside the sectors, equal weight, not among the coins that fall."
    return Section("Sectors", (said,), (sectors_table(view),), Figure.SECTORS)


def _liquidations(brief: Brief, zone: tzinfo) -> Section:
    view = brief.liquidations
    if not seen_by_window(view)[-1].venues and not view.windows[-1].totals.orders:
        return Section("Liquidations", ("No liquidation feed was connected: nothing is known.",))
    recorded_ms = brief.as_of_ms - brief.start_ms
    said = [*coverage.sentences(view, recorded_ms)]
    largest = view.windows[-1].largest
    if largest is not None:
        what = f"{words.usd(largest.usd_micro)} {largest.side.value}, {largest.symbol} on {largest.venue}"
        said.append(f"Largest in 24 h: {what}, {words.moment(largest.ts_ms, zone)}.")
    venues = [row for row in venue_rows(view) if row.totals.orders][:_NAMED_ROWS]
    tables = (
        windows_table(view, recorded_ms),
        venues_table(view, venues, recorded_ms),
        coins_table(view, view.by_coin[:_NAMED_ROWS], recorded_ms),
    )
    return Section("Liquidations", tuple(said), tuple(table for table in tables if table.rows), Figure.HOURS)


def _cascades(brief: Brief, zone: tzinfo) -> Section:
    rows = cascades.rows(brief, zone)
    return Section("Cascades", cascades.sentences(brief), (Table(cascades.HEAD, rows, left=2),) if rows else ())


def _causes(brief: Brief, zone: tzinfo) -> Section:
    if not brief.timeline:
        return Section("Timeline", ("No causes or events are noted.",))
    rows = tuple((words.when(i.ts_ms, i.precision, zone), i.kind, i.text, i.source) for i in brief.timeline)
    return Section("Timeline", (), (Table(("when", "kind", "what", "source"), rows, left=4),))


def _series(brief: Brief) -> tuple[Section, ...]:
    """The trader's own daily series, when there are any."""
    rows = [
        (
            f"{row.title} ({row.unit})" if row.unit else row.title,
            words.day(row.last_ms),
            *(words.UNKNOWN if value is None else plain_figure(value) for value in (row.last, row.sum_5, row.sum_21)),
        )
        for row in brief.series
    ]
    head = ("series", "last", "value", "sum of 5", "sum of 21")
    said = "Daily figures from files of your own, as far as they are known at this time."
    return (Section("Daily series", (said,), (Table(head, tuple(rows), left=2),)),) if rows else ()


def _sources(brief: Brief, zone: tzinfo) -> Section:
    session = brief.session
    said = []
    if session is not None:
        name = f"{session.label}: {session.title}" if session.label else session.title
        said.append(f"{name}. Sources: {'; '.join(session.sources) or 'the venues named'}.")
    covers = coverage.recorded_words(min(brief.as_of_ms - brief.start_ms, DAY_MS))
    said.append(f"The recording covers {covers} of the last 24 h.")
    ages = [f"{v.venue} {age(brief.as_of_ms, v.recv_ms)}" for v in brief.venues if v.recv_ms is not None]
    if ages:
        said.append(f"Newest prices: {', '.join(ages)}.")
    said.append(f"Times are {words.moment(brief.as_of_ms, zone).rsplit(' ', 1)[1]}.")
    if aside := coverage.set_aside(brief.liquidations):
        said.append(aside)
    table = _coverage_table(brief)
    return Section("Sources and coverage", tuple(said), (table,) if table.rows else ())


def _coverage_table(brief: Brief) -> Table:
    """Each liquidation feed: what it shows, the part of each window in which it was connected, its last sign."""
    view = brief.liquidations
    names = tuple(window.name for window in view.windows)
    rows = tuple(
        (
            row.venue,
            row.state.value,
            row.method.value,
            *(share_percent(coverage.share(row, place)) for place in range(len(names))),
            str(len(row.gaps)),
            age(brief.as_of_ms, row.last_message_ms),
            f"{row.set_aside:,}",
        )
        for row in view.coverage
    )
    return Table(("liquidation feed", "state", "shows", *names, "gaps", "last sign", "set aside"), rows, left=3)
