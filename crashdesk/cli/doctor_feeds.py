"""What a recording says of its own feeds: liquidations that were seen, gaps, rows that were set aside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from crashdesk.brief.coverage import part_of
from crashdesk.cli.brief_maker import brief_of
from crashdesk.config.settings import Settings
from crashdesk.model.basket import Baskets
from crashdesk.model.records import Method, RowsSetAside
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.liquidation_views import CoverageRow
from crashdesk.session.player import Player


def feed_notes(reader: RecordingReader, settings: Settings) -> list[str]:
    """One sentence for each liquidation feed at the end of the recording, and for each feed with rows set aside.

    Raises RecordingError when it cannot be read.
    """
    player = Player(reader, Baskets("", "", "", ()))
    player.seek(reader.end_ms)
    coverage = brief_of(player.state, settings).liquidations.coverage
    return [*(_seen(row, reader.start_ms, reader.end_ms) for row in coverage), *_set_aside(reader)]


def _seen(row: CoverageRow, start_ms: int, end_ms: int) -> str:
    name = f"{row.venue} liquidations"
    if row.method is Method.NONE or (row.method is Method.UNREACHABLE and not row.connected_share):
        return f"{name}: missing from every total" + (f" ({row.detail.rstrip('.')})" if row.detail else "")
    share = row.connected_share * 100
    whole = part_of("its last 24 h", DAY_MS, end_ms - start_ms)
    said = [f"{row.method}, connected {share:.1f} % of {whole}"]
    if row.gaps:
        minutes = sum(gap.end_ms - gap.start_ms for gap in row.gaps) / MINUTE_MS
        said.append(f"{len(row.gaps)} gap{'s' if len(row.gaps) > 1 else ''} of {minutes:,.1f} min in all")
    if row.last_message_ms is not None:
        said.append(f"last sign {max(0, end_ms - row.last_message_ms) / 1000:,.1f} s before the end")
    return f"{name}: {', '.join(said)}"


def _set_aside(reader: RecordingReader) -> Iterator[str]:
    """Rows that were not trusted, by feed, the commonest reason first."""
    point = reader.restore(reader.end_ms)
    told = [*point.set_aside]
    told += [r for _, batch in reader.batches(point.offset) for r in batch.records if isinstance(r, RowsSetAside)]
    newest = {(row.venue, row.feed.value, row.reason): row.rows for row in told}
    for (venue, feed), rows in groupby(sorted(newest.items()), key=lambda item: item[0][:2]):
        reasons = sorted(((count, key[2]) for key, count in rows), reverse=True)
        whole = sum(count for count, _ in reasons)
        said = ", ".join(f"{reason} {count:,}" for count, reason in reasons)
        yield f"{venue} {feed.replace('_', ' ')}: {whole:,} rows set aside ({said})"
