"""The recordings that `import` makes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from crashdesk.analytics.cascade_watch import CascadeWatch
from crashdesk.cli.importing.bars import Bar, read_bars
from crashdesk.cli.importing.folder import folder_frames, open_folder
from crashdesk.cli.importing.market import Material, frames, liquidated
from crashdesk.cli.importing.orders import Order, read_orders
from crashdesk.cli.importing.progress import Shown, counted
from crashdesk.cli.importing.wishes import CANDLES, LIQUIDATIONS, Wish
from crashdesk.cli.importing.wrong_rows import WrongRows
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.money import to_usd
from crashdesk.model.records import Feed, Session
from crashdesk.model.text import clean
from crashdesk.model.times import format_utc
from crashdesk.recording.anew import write_anew

LABEL = "IMPORTED"
WRITER = "crashdesk import"


def from_folder(path: Path, out: Path, wrong: WrongRows, shown: Shown) -> list[str]:
    """Make `out` of an exported folder; returns what to say. Raises CrashdeskError."""
    folder = open_folder(path)
    frames_of_it = counted(folder_frames(folder, wrong), sum(folder.rows.values()), shown("importing"))
    size, _ = write_anew(out, folder.session(), frames_of_it, folder.end_ms)
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in folder.rows.items() if count)
    return [f"{out}", f"  {size / 1e6:.2f} MB made of {rows}"]


def from_files(
    files: Sequence[Wish],
    out: Path,
    title: str,
    sources: Sequence[str],
    wrong: WrongRows,
    settings: CascadeSettings,
    shown: Shown,
) -> list[str]:
    """Make `out` of tables; returns what to say. Raises CrashdeskError."""
    material = _read(files, wrong, shown)
    if not material.orders and not material.bars:
        said = wrong.lines()
        named = ", ".join(str(wish.path) for wish in files)
        raise CrashdeskError(f"no row can be imported: {said[0]}" if said else f"{named}: there are no rows to import")
    names = [wish.path.name for wish in files]
    start_ms = material.start_ms()
    session = Session(
        recording_id=f"import-{_digest(files)}",
        created_ms=start_ms,
        writer=WRITER,
        label=LABEL,
        title=clean(title or ", ".join(names), 200),
        sources=tuple(clean(source, 500) for source in (sources or names)),
        venue_order=material.venues(),
    )
    made = counted(
        frames(material, CascadeWatch(settings)), len(material.orders) + len(material.bars), shown("writing")
    )
    size, _ = write_anew(out, session, made, start_ms)
    orders, long, short = liquidated([order.row for order in material.orders])
    sides = f"${to_usd(long + short):,.2f}, long ${to_usd(long):,.2f}, short ${to_usd(short):,.2f}"
    return [
        f"{out}",
        f"  from {format_utc(start_ms)}, {size / 1e6:.2f} MB",
        f"  {orders:,} liquidations: {sides}",
        f"  {len(material.bars):,} candles",
    ]


def _read(files: Sequence[Wish], wrong: WrongRows, shown: Shown) -> Material:
    orders: list[Order] = []
    bars: list[Bar] = []
    details: dict[str, dict[str, str]] = {LIQUIDATIONS: {}, CANDLES: {}}
    refused: dict[tuple[str, Feed, str], int] = {}
    for wish in files:
        told = shown(f"reading {clean(wish.path.name, 60)}")
        if wish.kind == LIQUIDATIONS:
            found = list(read_orders(wish, wrong, told))
            orders += found
            venues = list(dict.fromkeys(order.row.venue for order in found))
            said = f"imported from {wish.path.name}; how much of the venue's liquidations that is, is not known"
        else:
            candles = list(read_bars(wish, wrong, told))
            bars += candles
            venues = list(dict.fromkeys(bar.candle.venue for bar in candles))
            said = f"imported from {wish.path.name}; prices are the closes of candles"
        for venue in venues:
            details[wish.kind].setdefault(venue, said)
        feed = Feed.LIQUIDATIONS if wish.kind == LIQUIDATIONS else Feed.CANDLES
        owner = wish.venue or (venues[0] if len(venues) == 1 else None)
        for kind, count in wrong.of(wish.path).items() if owner else ():
            key = (owner or "", feed, kind)
            refused[key] = refused.get(key, 0) + count
    return Material(orders, _newest(bars), details[LIQUIDATIONS], details[CANDLES], refused)


def _newest(bars: Sequence[Bar]) -> list[Bar]:
    """Each candle once: the last row that tells of it."""
    found = {(b.candle.venue, b.candle.symbol, b.candle.timeframe, b.candle.open_ms): b for b in bars}
    return list(found.values())


def _digest(files: Sequence[Wish]) -> str:
    """The same files are the same recording: notes on it stay."""
    whole = hashlib.sha256()
    for wish in files:
        with wish.path.open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()[:16]
