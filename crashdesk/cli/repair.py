"""`crashdesk snapshots repair FILE --out NEW`: what holds of a damaged recording, in a new one."""

from __future__ import annotations

import argparse
from pathlib import Path

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import add_out, free_name, progress
from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.timeframe import MINUTE_MS

_MOST_PLACES = 20
_CHUNK_MINUTES = CHUNK_MS // MINUTE_MS


def configure(parser: Parser) -> None:
    """Arguments of `snapshots repair`."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording; it stays as it is")
    add_out(parser)
    parser.set_defaults(do=repair)


def repair(arguments: argparse.Namespace, context: Context) -> int:
    """Write the new recording and tell what was lost, by place."""
    from crashdesk.cli.damage_words import extent, in_all
    from crashdesk.cli.recordings import named_recording
    from crashdesk.recording.rewrite import rewrite

    file, out = named_recording(arguments.file, context), free_name(arguments.out)
    done = rewrite(file, out, lambda batch: batch.records, progress(context, "repairing"))
    lines = [f"{out}: {done.frames:,} frames, {done.size / 1e6:.1f} MB"]
    lines += [f"  lost: {extent(damage)}" for damage in done.damage[:_MOST_PLACES]]
    if len(done.damage) > _MOST_PLACES:
        lines.append(f"  and {len(done.damage) - _MOST_PLACES:,} more places; `crashdesk doctor` names them")
    if done.damage:
        lines.append(f"  in all {in_all(done.damage, done.source_size)}; each place is a gap in the new file")
        lines.append(f"  prices behind a place may be missing until the next checkpoint, at most {_CHUNK_MINUTES} min")
    if done.tail:
        lines.append(f"  the last {done.tail:,} bytes hold no whole frame and are left out")
    if not done.damage and not done.tail:
        lines.append("  nothing was lost")
    context.stdout.write("\n".join(lines) + "\n")
    return 0
