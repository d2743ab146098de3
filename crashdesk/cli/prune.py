"""`crashdesk snapshots prune|pin|unpin`: automatic recordings that may go, and those that stay."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.cli.copying import megabytes
from crashdesk.model.errors import CrashdeskError, UsageError

if TYPE_CHECKING:
    from crashdesk.config.pins_file import Pin
    from crashdesk.recording.shelf import OnShelf


def configure_prune(parser: Parser) -> None:
    """Arguments of `snapshots prune`."""
    parser.add_argument("--days", metavar="N", type=int, help="that ended so many days ago (default: prune_days)")
    parser.add_argument("--dry-run", action="store_true", help="only say which would be removed")
    parser.set_defaults(do=prune)


def configure_pin(parser: Parser) -> None:
    """Arguments of `snapshots pin`."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(do=pin)


def configure_unpin(parser: Parser) -> None:
    """Arguments of `snapshots unpin`."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.set_defaults(do=unpin)


def prune(arguments: argparse.Namespace, context: Context) -> int:
    """Remove, or name, automatic recordings; exit code 1 when one that should go could not be removed."""
    from crashdesk.cli.pruning import old_recordings
    from crashdesk.cli.pruning import prune as remove_old

    days = _days(arguments.days, context)
    find = old_recordings if arguments.dry_run else remove_old
    word = "would remove" if arguments.dry_run else "removed"
    gone, size = 0, 0
    for recording, kept in find(context.paths, days, context.clock.now_ms()):
        line = f"{recording.path.name}, {megabytes(recording.size)}"
        context.stdout.write(f"kept {line}: {kept}\n" if kept else f"{word} {line}\n")
        gone, size = gone + (not kept), size + (0 if kept else recording.size)
    if gone:
        context.stdout.write(f"{word} {gone} in {context.paths.recordings_dir}, {megabytes(size)}\n")
    else:
        context.stdout.write(f"nothing to remove: no unpinned automatic recording ended {days} or more days ago\n")
    return 0


def _days(given: int | None, context: Context) -> int:
    days = given if given is not None else context.settings.recording.prune_days
    if given is not None and given < 1:
        raise UsageError("--days: give 1 or more")
    if not days:
        raise UsageError("prune needs --days N: nothing is removed by itself ([recording] prune_days is 0)")
    return days


def pin(arguments: argparse.Namespace, context: Context) -> int:
    """Keep a recording from being pruned."""
    from crashdesk.config.pins_file import add_pin

    found, one = _named(arguments.file, context)
    add_pin(context.paths.pins_file, one)
    more = "" if found.automatic else " (it is not an automatic one: it would never be pruned)"
    context.stdout.write(f"{found.path}: pinned{more}\n")
    return 0


def unpin(arguments: argparse.Namespace, context: Context) -> int:
    """Let a recording be pruned again."""
    from crashdesk.config.pins_file import is_pinned, load_pins, remove_pin

    found, one = _named(arguments.file, context)
    if not is_pinned(load_pins(context.paths.pins_file)[0], one):
        raise CrashdeskError(f"{found.path} is not pinned")
    remove_pin(context.paths.pins_file, one)
    context.stdout.write(f"{found.path}: not pinned any more\n")
    return 0


def _named(file: Path, context: Context) -> tuple[OnShelf, Pin]:
    from crashdesk.cli.recordings import named_recording
    from crashdesk.config.pins_file import Pin
    from crashdesk.recording.shelf import look_at

    found = look_at(named_recording(file, context), context.paths.recordings_dir)
    return found, Pin(found.recording_id, found.start_ms, found.path.name)
