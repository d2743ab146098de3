"""An event that is told again takes the place of the earlier one."""

from __future__ import annotations

from pathlib import Path

from crashdesk.model.records import Batch, Event, EventKind, Session
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.scrub import overview
from crashdesk.session.state import MarketState
from crashdesk.session.stops import Shown, Stop, next_stop
from crashdesk.session.timeline import timeline
from tests.session.market_tape import BASKETS

START = 1_762_200_000_000


def cascade(start_ms: int, end_ms: int, usd: int, symbol: str = "BTC/USDT") -> Event:
    return Event(EventKind.CASCADE, start_ms, end_ms, f"cascade {usd}", None, symbol, usd, usd, -1.0, 3, ("okx",))


def test_a_cascade_that_goes_on_is_one() -> None:
    state = MarketState(BASKETS, START)
    told = [cascade(START, START + 1_000 * n, n) for n in (1, 2, 3)]
    other = cascade(START - 5_000, START, 9)
    for seq, event in enumerate((told[0], told[1], other, told[2])):
        state.apply(Batch(seq, START + 10_000 * seq, (event,)))
    assert state.recent_events() == (other, told[2])
    items = timeline((), (), state.recent_events(), ())
    assert [item.text for item in items] == ["cascade 9", "cascade 3"]
    assert len({item.id for item in items}) == 2


def test_another_symbol_or_start_is_another_event() -> None:
    state = MarketState(BASKETS, START)
    events = (cascade(START, START, 1), cascade(START, START, 1, "ETH/USDT"), cascade(START + 1, START + 1, 1))
    state.apply(Batch(0, START + 2, events))
    assert len(state.recent_events()) == 3


def test_the_overview_tells_cascades_from_other_events_and_steps_stop_at_them(tmp_path: Path) -> None:
    path = tmp_path / "x.crash"
    session = Session("id", START, "test", "", "live", (), ("okx",))
    writer = RecordingWriter.open(path, session, START, fsync=False)
    lost = Event(EventKind.FEED_LOST, START + 2_000, START + 2_000, "lost", "okx")
    for at, event in ((10_000, cascade(START + 4_000, START + 9_000, 1)), (15_000, lost)):
        writer.append([event], START + at)
    writer.append([cascade(START + 4_000, START + 14_000, 2)], START + 20_000)
    writer.close(START + 30_000)
    reader = RecordingReader.open(path)
    made = overview(reader, reader.end_ms)
    assert made.cascades == ((START + 4_000, START + 14_000),)
    assert made.events_ms == (START + 2_000,)
    shown = Shown((), (), lambda _: ())
    stops = [next_stop(reader, shown, Stop(), START + here, reader.end_ms, 1) for here in (0, 2_000, 4_000)]
    assert stops == [START + 2_000, START + 4_000, None]
    reader.close()


def _lost(venue: str, at_ms: int, kind: EventKind = EventKind.FEED_LOST) -> Event:
    return Event(kind, at_ms, at_ms, f"{venue} tickers: no answer (https://api.{venue}.example/v1)", venue=venue)


def test_feeds_that_are_lost_within_a_minute_are_one_item() -> None:
    other = Event(EventKind.WORKER, 2_000, 2_000, "worker started")
    events = [_lost("okx", 1_000), other, _lost("htx", 3_000), _lost("okx", 4_000), _lost("gate", 100_000)]
    items = timeline((), (), [*events, _lost("okx", 120_000, EventKind.FEED_BACK)], ())
    assert [(item.ts_ms, item.text) for item in items] == [
        (1_000, "3 feeds lost: okx tickers, htx tickers"),
        (2_000, "worker started"),
        (100_000, "gate tickers: no answer"),
        (120_000, "okx tickers: no answer"),
    ]
