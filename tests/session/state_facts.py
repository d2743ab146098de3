"""All that a state holds and shows, as plain values by name: of two states that are the same they are equal.

Left out is what only saves work: what is kept of earlier answers, counters of changes, rows that are not loaded yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import make_brief
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Side
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS, Timeframe
from crashdesk.session.bars import KEPT_CHUNKS
from crashdesk.session.focus import Focus
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.picture import PictureMaker
from crashdesk.session.state import MarketState
from crashdesk.session.views import DeskView, Mode, ScrubberView, TransportView, WeightMode

FILTERS = (FeedFilter(), FeedFilter(10_000), FeedFilter(1_000, Side.LONG, "okx"), FeedFilter(coin="eth"))
WIDTHS = tuple(hours * HOUR_MS for hours in (1, 4, 12, 24))


def facts(state: MarketState) -> dict[str, Any]:
    """The state's own parts, and every picture and brief that is made of them."""
    found: dict[str, Any] = {}
    for part in (_records(state), _candles(state), _seen(state), _liquidations(state), _health(state), _shown(state)):
        found.update(part)
    return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What differs, by name, each with the first place where it does."""
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return [f"{name}: {_first(one.get(name), other.get(name))}" for name in names]


def _first(one: Any, other: Any) -> str:
    if hasattr(one, "_fields") and type(one) is type(other):
        name = next(field for field in one._fields if getattr(one, field) != getattr(other, field))
        return f".{name}{_first(getattr(one, name), getattr(other, name))}"
    if isinstance(one, dict) and isinstance(other, dict):
        key = next(key for key in {**one, **other} if one.get(key, ...) != other.get(key, ...))
        return f"[{key!r}]{_first(one.get(key), other.get(key))}"
    if isinstance(one, Sequence) and type(one) is type(other) and not isinstance(one, str):
        if len(one) != len(other):
            return f" has {len(one)} and {len(other)} entries"
        place = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        return f"[{place}]{_first(one[place], other[place])}"
    if isinstance(one, str) and isinstance(other, str) and "\n" in one:
        lines = zip(one.splitlines(), other.splitlines(), strict=False)
        return " " + next((f"{a!r} and {b!r}" for a, b in lines if a != b), "one is longer")
    return f" {one!r} and {other!r}"


def _records(state: MarketState) -> Iterator[tuple[str, Any]]:
    yield "now_ms", state.now_ms
    yield "start_ms", state.start_ms
    yield "session", state.session
    yield "instruments", dict(state.instruments)
    yield "quotes", dict(state.quotes)
    yield "venue_recv_ms", dict(state.venue_recv_ms)
    yield "sources", dict(state.sources)
    yield "notes", state.recorded_notes()
    yield "own", (state.own_levels, state.own_notes, state.own_series)
    yield "events", state.recent_events()
    yield "published", dict(state.published)
    yield "funding", dict(state.perps._funding)
    yield "interest", dict(state.perps._interest)


def _candles(state: MarketState) -> Iterator[tuple[str, Any]]:
    for (venue, symbol, timeframe), one in state.candles._series.items():
        columns = (one.open_ms, one.open, one.high, one.low, one.close, one.volume, one.closed)
        yield f"candles {venue} {symbol} {timeframe}", tuple(map(tuple, columns))


def _seen(state: MarketState) -> Iterator[tuple[str, Any]]:
    """Observed prices of all instruments, over all that a state keeps."""
    last = state.now_ms // CHUNK_MS
    for key in state.quotes:
        chunks = range(last - KEPT_CHUNKS - 1, last + 1)
        closed = chunks[:-1]  # nobody asks for the close of one that is still open
        name = " ".join(key)
        yield f"ranges {name}", [state.bars.chunk_range(key, index) for index in chunks]
        yield f"closes {name}", list(map(repr, state.bars.chunk_closes(key, closed)))
        yield f"minutes {name}", [state.bars.minute_closes(key, index) for index in chunks]
        yield f"extremes {name}", state.bars.extremes_24h(key, state.now_ms)


def _liquidations(state: MarketState) -> Iterator[tuple[str, Any]]:
    book = state.liquidations
    book.set_free(17 * MINUTE_MS)
    yield "folded", book.folded
    for n in range(5):
        yield f"sums {n}", book.sums(n)
        yield f"totals {n}", book.totals(n)
        yield f"sizes {n}", book.sizes(n)
        yield f"largest {n}", book.largest(n)
    yield "minute series", book.minute_series()
    for coin in ("BTC", "ETH", "TON"):
        yield f"profile {coin}", book.profile(coin)
    edge, names = state.now_ms - DAY_MS, book.keys
    rows = []
    for span in book.newest_first():
        columns = zip(range(span.count), *span.look(), strict=True)
        rows += [
            (span.number + n, ts, usd, price, names.name(cell)) for n, ts, usd, price, cell in columns if ts > edge
        ]
    yield "rows", sorted(rows)


def _health(state: MarketState) -> Iterator[tuple[str, Any]]:
    health, now_ms = state.health, state.now_ms
    yield "newest health", dict(health._newest)
    yield "methods", dict(health._methods)
    yield "set aside", dict(health._set_aside)
    yield "gaps", [gap for gap in health.gaps() if gap.end_ms > now_ms - DAY_MS]
    yield "coverage", health.coverage(now_ms, state.start_ms, WIDTHS)
    yield "venues", health.venues(state.venue_recv_ms, state.venue_order(), state.stale_ms)


def _shown(state: MarketState) -> Iterator[tuple[str, Any]]:
    for key in state.quotes:
        row = state.row(key)
        yield f"row {key}", row
        yield f"levels {key}", state.level_rows(row, key[1])
        yield f"at levels {key}", state.level_items(row)
    symbols = [row.symbol for row in state.rows()][:8]
    focuses = [Focus(symbol, timeframe, WeightMode.EQUAL) for symbol in symbols for timeframe in Timeframe]
    for n, (mode, wanted) in enumerate(zip([*WeightMode, WeightMode.EQUAL], FILTERS, strict=True)):
        window = ("1h", "4h", "12h", "24h")[n]
        focuses.append(
            Focus("BTC/USDT", Timeframe.H1, mode, wanted, window, 17 * MINUTE_MS, ("ETH/USDT", Timeframe.M5))
        )
    for focus in focuses:
        view = picture(state, focus)
        yield f"chart {focus.symbol} {focus.timeframe}", _plain_chart(view.chart)
        if focus.second is not None:
            for name, value in zip(view._fields, view, strict=True):
                if name not in {"chart", "second", "seq"}:
                    yield f"{name} {focus.window}", value
            yield f"second {focus.window}", _plain_chart(view.second)
    if state.quotes:
        for mode in WeightMode:
            brief = make_brief(state, mode)
            yield f"brief {mode}", brief_json(brief) + brief_text(brief, UTC) + brief_markdown(brief, UTC)


def picture(state: MarketState, focus: Focus) -> DeskView:
    """What a desk gets to see of a state, without a transport."""
    transport = TransportView(Mode.REPLAY, False, False, 1.0, state.start_ms, state.start_ms, state.now_ms)
    made = PictureMaker().view(state, focus, transport, ScrubberView(0, 0, (), (), (), ()))
    # behind a seek the tape fills up with the second picture
    return PictureMaker().view(state, focus, transport, made.scrubber) if state.tape.unfinished else made


def _plain_chart(chart: Any) -> Any:
    """Without the number of its revision; averages that are not there are equal, too."""
    if chart is None:
        return None
    made = chart._replace(revision=0)
    return tuple(tuple(map(repr, part)) if hasattr(part, "typecode") else part for part in made)
