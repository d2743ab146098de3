"""What is in a recording: counts and sums over all of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crashdesk.model.money import to_usd
from crashdesk.model.records import Candle, Liquidation, Quote, Session, Side
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc
from crashdesk.recording.reader import RecordingReader
from crashdesk.recording.survey import RecordingInfo


@dataclass(slots=True)
class Contents:
    """Counts by kind of record, liquidations by venue (long, short in micro-dollars, orders), the file's facts."""

    info: RecordingInfo
    session: Session
    quotes: int = 0
    candles: int = 0
    liquidations: dict[str, list[int]] | None = None

    def totals(self) -> tuple[int, int, int]:
        """(long, short, orders) over all venues."""
        rows = (self.liquidations or {}).values()
        return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)

    def lines(self, file: Path) -> list[str]:
        """For people."""
        info, (long, short, orders) = self.info, self.totals()
        session = self.session
        closed = "closed" if info.closed else "not closed (being written, or killed)"
        sides = f"long ${to_usd(long):,.2f}, short ${to_usd(short):,.2f}"
        made = [
            f"{file}",
            f"  {clean(session.label + ': ' if session.label else '', 40)}{clean(session.title, 120)}",
            f"  from       {format_utc(info.start_ms)}",
            f"  to         {format_utc(info.end_ms)}",
            f"  size       {info.size / 1e6:.2f} MB in {sum(info.frames.values()):,} frames",
            f"  sessions   {len(info.sessions)}, {closed}",
            f"  quotes     {self.quotes:,}",
            f"  candles    {self.candles:,}",
            f"  liquidated ${to_usd(long + short):,.2f} in {orders:,} orders: {sides}",
        ]
        for venue, (one, other, count) in sorted((self.liquidations or {}).items()):
            made.append(
                f"    {venue:<12} ${to_usd(one + other):>18,.2f} in {count:>9,} orders, long ${to_usd(one):,.2f}"
            )
        damage = info.damage
        made.append(f"  damage     {len(damage)} places" if damage else "  damage     none")
        made += [f"    bytes {d.start_offset:,} to {d.end_offset:,}: {d.reason}" for d in damage]
        return made

    def as_json(self) -> dict[str, object]:
        """For programs."""
        info, (long, short, orders) = self.info, self.totals()
        return {
            "start_ms": info.start_ms,
            "end_ms": info.end_ms,
            "bytes": info.size,
            "sessions": len(info.sessions),
            "closed": info.closed,
            "quotes": self.quotes,
            "candles": self.candles,
            "liquidations": {
                "total_usd": to_usd(long + short),
                "long_usd": to_usd(long),
                "short_usd": to_usd(short),
                "orders": orders,
                "by_venue": {
                    venue: {"long_usd": to_usd(one), "short_usd": to_usd(other), "orders": count}
                    for venue, (one, other, count) in sorted((self.liquidations or {}).items())
                },
            },
            "damage": [
                {"start_offset": d.start_offset, "end_offset": d.end_offset, "reason": d.reason} for d in info.damage
            ],
        }


def contents_of(reader: RecordingReader) -> Contents:
    """Look through the whole recording."""
    made = Contents(reader.info(), reader.session, liquidations={})
    sums: dict[str, list[int]] = {}
    for _, batch in reader.batches(reader.first_offset):
        first = batch.records[0] if batch.records else None
        if isinstance(first, Quote):
            made.quotes += len(batch.records)
        elif isinstance(first, Candle):
            made.candles += len(batch.records)
        elif isinstance(first, Liquidation):
            for row in batch.records:
                if isinstance(row, Liquidation):
                    entry = sums.setdefault(row.venue, [0, 0, 0])
                    entry[row.side is Side.SHORT] += row.usd_micro
                    entry[2] += 1
    made.liquidations = sums
    return made
