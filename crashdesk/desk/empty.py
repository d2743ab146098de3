"""What a pane says that has nothing to show: why, and what to do. One short sentence each."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from crashdesk.desk.line import Line, width_of
from crashdesk.desk.look import Look
from crashdesk.model.kinds import Feed, HealthState, Method
from crashdesk.session.liquidation_views import CoverageRow, LiquidationsView
from crashdesk.session.troubles import feed_troubles
from crashdesk.session.views import ChartView, DeskView, Mode

KeyOf = Callable[[str], str]
"""How the key of an action is shown."""
NO_CANDLES_YET = "waiting for the first candles"


def said(words: str, width: int, rows: int, look: Look) -> list[Strip]:
    """Words in a pane's body, folded over at most `rows` lines; the last one is cut with an ellipsis.

    A word that is longer than a line, such as an address, goes on in the next.
    """
    lines, room = [""], max(1, width - 1)
    parts = (word[at : at + room] for word in words.split(" ") for at in range(0, max(1, len(word)), room))
    for part in parts:
        more = f"{lines[-1]} {part}" if lines[-1] else part
        if width_of(more) <= room or len(lines) >= rows:
            lines[-1] = more
        else:
            lines.append(part)
    return [said_line(text, width, look) for text in lines]


def said_line(words: str, width: int, look: Look) -> Strip:
    """One line of words in a pane's body."""
    line = Line(width)
    line.left(f" {words}", width, look.palette.muted, look.glyphs.ellipsis)
    return line.strip(look.palette.blank)


def no_tickers(view: DeskView | None, query: str, group: str, key: KeyOf) -> str:
    """Why there is no ticker; `group` is the name of the one shown, empty for all."""
    words = []
    if query:
        words = [f"no symbol matches {query!r}", f"{key('clear')} clears the filter"]
    if view is not None and view.tickers and group:
        words = [f"{words[0]} in the group {group}" if words else f"no symbol of the group {group} is here", *words[1:]]
        words.append(f"{key('group_next')} goes to the next group")
    return ": ".join([words[0], ", ".join(words[1:])]) if words else no_prices(view)


def no_prices(view: DeskView | None) -> str:
    """Why there is no price at all."""
    if view is not None and not view.status.waiting and view.transport.mode is Mode.REPLAY:
        return "no price of the last 24 hours at this time of the recording"
    return (view.status.waiting if view else "") or "waiting for the first prices"


def without_network(view: DeskView | None) -> str:
    """What to do where no venue can be reached; empty when that is not so."""
    live = view is not None and view.transport.mode is Mode.LIVE and not view.tickers
    troubled = live and view is not None and ": " in view.status.waiting
    return "`crashdesk doctor` says which venues are reachable; `crashdesk demo` needs no network" if troubled else ""


def no_sectors(view: DeskView | None) -> str:
    """Why there is no tile."""
    if view is not None and view.tickers:
        return "the baskets have no sector: [baskets] file in config.toml names them"
    return no_prices(view)


def no_liquidations(view: DeskView | None) -> str:
    """Why no liquidation has come: which feeds are listened to, and what keeps the others."""
    if view is None or not view.liquidations.coverage:
        return (view.status.waiting if view else "") or "waiting for liquidations"
    rows = view.liquidations.coverage
    heard = [row.venue for row in rows if row.state is HealthState.OK and row.method is not Method.NONE]
    if heard:
        return f"no liquidation yet, listening to {', '.join(heard)} ({len(heard)} of {len(rows)} venues)"
    silent: dict[str, list[str]] = {}
    for row in rows:
        if row.method is not Method.NONE:
            silent.setdefault(_silence(row), []).append(row.venue)
    reasons = "; ".join(f"{', '.join(venues)} {reason}" for reason, venues in silent.items())
    return f"no feed of liquidations is connected: {reasons or 'the venues here have none'}"


def silent_venue(view: LiquidationsView, venue: str | None) -> str:
    """`; binance is unreachable` of a venue that is filtered for and was never connected, else empty."""
    wanted = (venue or "").casefold()
    row = next((row for row in view.coverage if wanted and row.venue.casefold() == wanted), None)
    return f"; {row.venue}: {_silence(row)}" if row is not None and row.connected_share <= 0 else ""


def no_candles(chart: ChartView, desk: DeskView, key: KeyOf) -> str:
    """Why a chart has no candle."""
    what = f"{chart.timeframe} candles of {chart.symbol}"
    if desk.transport.mode is Mode.REPLAY:
        return f"no {what} in this recording: {key('timeframe_next')} shows another timeframe"
    if desk.tickers and all(row.symbol != chart.symbol for row in desk.tickers):
        return f"no venue here tells the price of {chart.symbol}; {key('palette')} and a coin shows that one"
    feeds = [feed for feed in desk.status.feeds if chart.venue in (None, feed.venue)]
    troubles = feed_troubles(feeds, Feed.CANDLES) or desk.status.waiting
    return f"loading {what}" + (f" from {chart.venue}" if chart.venue else "") + (f": {troubles}" if troubles else "")


def _silence(row: CoverageRow) -> str:
    if row.method is Method.NONE:
        return "has no public feed of liquidations"
    words = row.detail.partition(" (")[0]
    return words or row.state.value.replace("_", " ")
