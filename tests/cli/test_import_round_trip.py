"""What people write and what goes wrong survives the way out and in: notes, levels, cascades, gaps, restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.model.records import (
    Event,
    EventKind,
    Feed,
    Gap,
    HealthState,
    Liquidation,
    Method,
    Note,
    Precision,
    PriceBasis,
    PublishedLevel,
    RowsSetAside,
    Session,
    Side,
    VenueHealth,
)
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.writer import RecordingWriter
from tests.recording import samples
from tests.session import market_tape

TEXTS = (
    'he said "sell", twice',
    "two\nlines",
    "=1+1",
    "comma, semicolon; tab\t.",
    "币安人生 −5 %",
    " ends with a space ",
    "NA",
)


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tape whose recorder was started again after an outage, with awkward texts and extreme figures."""
    path = tmp_path_factory.mktemp("eventful") / "tape.crash"
    market_tape.write(path, 1)
    reader = RecordingReader.open(path)
    first, end_ms = reader.session, reader.end_ms
    reader.close()
    again_ms = end_ms + 7 * MINUTE_MS
    writer = RecordingWriter.open(path, Session(first.recording_id, again_ms, "again", "", "", (), ()), again_ms)
    lost = 'lost, and "found"\nagain'
    writer.append([Gap("okx", Feed.LIQUIDATIONS, end_ms, again_ms, lost)], again_ms)
    method = Method.UNREACHABLE
    writer.append(
        [VenueHealth("okx", Feed.LIQUIDATIONS, HealthState.RETRYING, method, again_ms, lost, None, again_ms + 1)],
        again_ms,
    )
    writer.append([RowsSetAside("okx", Feed.LIQUIDATIONS, "bad side, unknown", 12)], again_ms + 1)
    for place, text in enumerate(TEXTS):
        at_ms = again_ms + 10 + place
        writer.append([Note(f"t{place}", at_ms, list(Precision)[place % 3], "news", text, text, None)], at_ms)
        writer.append([PublishedLevel("BTC/USDT", 0.1 + 1e-9 * place, "support", text, text, at_ms)], at_ms)
    for place, (usd, amount) in enumerate([(1, 1e-12), (203_360_000_000_001, 1.0000000000000002)]):
        at_ms = again_ms + 100 + place
        rows = ('{"a":"1,\\n2"}', "")
        row = Liquidation("okx", "BTC/USDT:USDT", at_ms, Side.SHORT, 0.1, amount, usd, PriceBasis.FILL, rows[place])
        writer.append([row], at_ms)
    span = (again_ms + 100, again_ms + 101)
    told = Event(EventKind.CASCADE, *span, "told, again", None, "BTC/USDT", 5, 4, -1.5)
    writer.append([told], again_ms + HOUR_MS // 60)
    writer.append([told._replace(usd_micro=None, long_usd_micro=None, move_pct=None)], again_ms + HOUR_MS // 60 + 1)
    writer.close(again_ms + 2 * MINUTE_MS)
    return path


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "parquet"])
def test_nothing_is_changed_on_the_way(
    eventful: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    folder, back = tmp_path / "all", tmp_path / "back.crash"
    assert main(["export", str(eventful), "--what", "all", "--format", form, "--raw", "--out", str(folder)]) == 0
    assert main(["import", str(folder), "--out", str(back), "--strict"]) == 0
    ours, theirs = ([b._replace(seq=0) for b in samples.play(path) if b.records] for path in (eventful, back))
    assert [record for batch in theirs for record in batch.records] == [r for batch in ours for r in batch.records]
    assert theirs == ours
    capsys.readouterr()
    for at in ("50%", "100%"):
        for words in ("text", "md", "json"):
            said = []
            for path in (eventful, back):
                assert main(["brief", str(path), "--at", at, "--format", words]) == 0
                said.append(capsys.readouterr())
            assert said[0] == said[1]
