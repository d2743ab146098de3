"""The totals of a recording as rows of a name and a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crashdesk.cli.record_forms import Cell, Column

if TYPE_CHECKING:
    from crashdesk.recording.reader import RecordingReader

SUMMARY_COLUMNS = (Column("name", str), Column("value", float))


def summary_rows(reader: RecordingReader) -> Iterator[tuple[Cell, ...]]:
    """What `snapshots info --json` says (`liquidations.by_venue.okx.long_usd`), damage as a count of its places; then
    what a brief of the last moment says of each window (`windows.24h.total_usd`).
    """
    from crashdesk.cli.contents import contents_of
    from crashdesk.model.basket import Baskets
    from crashdesk.model.money import to_usd
    from crashdesk.session.liquidations.totals import liquidations_view
    from crashdesk.session.player import Player

    contents = contents_of(reader).as_json()
    damage = contents.pop("damage")
    yield from _flat("", contents)
    yield "damaged_places", len(damage) if isinstance(damage, list) else None
    player = Player(reader, Baskets("", "", "", ()))
    player.seek(reader.end_ms)
    for window in liquidations_view(player.state).windows:
        sums = window.totals
        for name, micro in (("total", sums.total), ("long", sums.long), ("short", sums.short)):
            yield f"windows.{window.name}.{name}_usd", to_usd(micro)
        yield f"windows.{window.name}.orders", sums.orders


def _flat(prefix: str, values: Mapping[str, object]) -> Iterator[tuple[Cell, ...]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{name}.", value)
        elif isinstance(value, (int, float)):
            yield f"{prefix}{name}", int(value) if isinstance(value, bool) else value
