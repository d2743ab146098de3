"""`crashdesk snapshots renormalise FILE --out NEW`: liquidations worked out anew from the venues' own rows."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, progress, tell_damage
from crashdesk.model.money import MICRO
from crashdesk.model.records import Batch, Event, EventKind, Instrument, Liquidation, Record, Side

if TYPE_CHECKING:
    from crashdesk.analytics.cascade_watch import CascadeWatch

_NO_MARKET = "its market is not in the recording"


def configure(parser: Parser) -> None:
    """Arguments of `snapshots renormalise`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording; it stays as it is")
    add_out(parser)
    parser.set_defaults(do=renormalise)


def renormalise(arguments: argparse.Namespace, context: Context) -> int:
    """Write the new recording and tell what is different in it."""
    from crashdesk.analytics.cascade_watch import CascadeWatch
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.rewrite import rewrite

    file, out = named_recording(arguments.file, context), free_name(arguments.out)
    exchanges = {venue.name: venue.exchange for venue in context.settings.venues}
    change = Renormaliser(exchanges, CascadeWatch(context.settings.cascades))
    done = rewrite(file, out, change, progress(context, "recomputing"))
    context.stdout.write("\n".join(change.lines(out)) + "\n")
    tell_damage(context, file, done.damage)
    return 0


@dataclass(slots=True)
class Sums:
    """Long and short in micro-dollars, before and after."""

    before: list[int] = field(default_factory=lambda: [0, 0])
    after: list[int] = field(default_factory=lambda: [0, 0])


class Renormaliser:
    """The change that is made to every frame, and what it came to.

    `exchanges` maps the names of venues to ccxt ids, for those that are not called after them. Cascades are those that
    `watch` finds in the new rows.
    """

    def __init__(self, exchanges: Mapping[str, str], watch: CascadeWatch) -> None:
        self.rows = self.changed = 0
        self.kept: Counter[tuple[str, str]] = Counter()
        self.sums: dict[str, Sums] = {}
        self._before: set[tuple[int, str | None]] = set()
        self._now: set[tuple[int, str | None]] = set()
        self._exchanges = exchanges
        self._watch = watch
        self._markets: dict[tuple[str, str], Instrument] = {}

    def __call__(self, batch: Batch) -> Sequence[Record]:
        """The frame's records with their liquidations anew, and cascades as they are told by then."""
        made: list[Record] = []
        for record in batch.records:
            if isinstance(record, Instrument):
                self._markets[record.venue, record.symbol] = record
            if isinstance(record, Liquidation):
                made.append(self._counted(record, self._anew(record, batch.recv_ms)))
            elif isinstance(record, Event) and record.kind is EventKind.CASCADE:
                self._before.add((record.start_ms, record.symbol))
            else:
                made.append(record)
        told = self._watch.fold(batch.recv_ms, made)
        self._now.update((event.start_ms, event.symbol) for event in told)
        return [*made, *told]

    def _anew(self, row: Liquidation, recv_ms: int) -> Liquidation:
        from crashdesk.venues.normalise.rows import Refusal
        from crashdesk.venues.renormalise import renormalised

        market = self._markets.get((row.venue, row.symbol))
        if market is None:
            self.kept[row.venue, _NO_MARKET] += 1
            return row
        made = renormalised(row, market, self._exchanges.get(row.venue, row.venue), recv_ms)
        if isinstance(made, Refusal):
            self.kept[row.venue, made.reason] += 1
            return row
        return made

    def _counted(self, before: Liquidation, after: Liquidation) -> Liquidation:
        sums = self.sums.setdefault(before.venue, Sums())
        sums.before[before.side is Side.SHORT] += before.usd_micro
        sums.after[after.side is Side.SHORT] += after.usd_micro
        self.rows += 1
        self.changed += after != before
        return after

    def lines(self, out: Path) -> list[str]:
        """What is different, for people."""
        kept = self.kept.total()
        said = f"{self.rows:,} liquidations: {self.changed:,} changed, {self.rows - self.changed - kept:,} confirmed"
        made = [f"{out}", f"  {said}" + (f", {kept:,} kept as they were" if kept else "")]
        made += [f"    {venue}: {rows:,} kept, {reason}" for (venue, reason), rows in sorted(self.kept.items())]
        whole = Sums()
        for venue, sums in sorted(self.sums.items()):
            made += _two_lines(venue, sums)
            for side in (0, 1):
                whole.before[side] += sums.before[side]
                whole.after[side] += sums.after[side]
        made += _two_lines("in all", whole)
        return [*made, f"  cascades: {len(self._before):,} before, {len(self._now):,} now"]


def _two_lines(name: str, sums: Sums) -> tuple[str, str]:
    return (f"  {name:<13} before  {_sides(sums.before)}", f"  {'':<13} now     {_sides(sums.after)}")


def _sides(sides: Sequence[int]) -> str:
    long, short = (f"${side / MICRO:,.2f}" for side in sides)
    return f"long {long:>20}  short {short:>20}"
