"""Building the scenario, and what its recording weighs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.place import Place, build_recording, recording_file
from bench.row import Row, row
from crashdesk.model.records import Liquidation, Quote
from crashdesk.recording.format import Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.reader import RecordingReader

RAW_BYTES = 8.0
"""The scenario's quotes have a last price and a volume: two float32."""


def run(place: Place) -> Sequence[Row]:
    """Seconds and memory of the child process, bytes of the file and of its kinds of frames."""
    path = recording_file()
    built = build_recording(path, place.environment)
    quotes, liquidations = _rows(path)
    weight = _weights(path)
    per_quote = weight.get(Kind.QUOTES, 0) / quotes
    per_liquidation = weight.get(Kind.LIQUIDATIONS, 0) / liquidations
    rollups = weight.get(Kind.ROLLUP, 0) / liquidations
    return (
        row("scenario build", built.wall_s, "s", "<= 20", note=f"child process, {built.cpu_s:.1f} s CPU"),
        row("scenario build, most memory", built.peak_mb, "MB"),
        row("scenario recording", path.stat().st_size / 1e6, "MB", note=f"{quotes:,} quotes, {liquidations:,} orders"),
        row(
            "  a quote changed",
            per_quote,
            "bytes",
            floor=RAW_BYTES,
            note="QUOTES frames; floor: two float32, it quotes last and volume only",
        ),
        row("  a liquidation", per_liquidation, "bytes", note="LIQUIDATIONS frames, raw payload included"),
        row("  a liquidation in roll-ups", rollups, "bytes", note="ROLLUP frames, minute bars included"),
    )


def _rows(path: Path) -> tuple[int, int]:
    reader = RecordingReader.open(path)
    quotes = liquidations = 0
    for _, batch in reader.batches(reader.first_offset):
        if batch.records and isinstance(batch.records[0], Quote):
            quotes += len(batch.records)
        elif batch.records and isinstance(batch.records[0], Liquidation):
            liquidations += len(batch.records)
    reader.close()
    return quotes, liquidations


def _weights(path: Path) -> dict[Kind, int]:
    file = FrameFile(path)
    weights: dict[Kind, int] = {}
    header = file.next_header(0, file.size)
    while header is not None:
        kind = Kind(header.kind)
        weights[kind] = weights.get(kind, 0) + header.end - header.offset
        header = file.header(header.end) if header.end < file.size else None
    file.close()
    return weights
