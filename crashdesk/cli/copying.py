"""What the commands that write a new recording from others share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import UsageError

if TYPE_CHECKING:
    from crashdesk.recording.play import Damage


def add_out(parser: Parser) -> None:
    """`--out NEW`."""
    parser.add_argument("--out", metavar="NEW", type=Path, required=True, help="the new recording; must not exist")


def free_name(out: Path) -> Path:
    """`out`, when nothing has that name yet. Raises UsageError."""
    if out.exists() or out.is_symlink():
        raise UsageError(f"--out: {out} exists already; name a new file")
    return out


def progress(context: Context, doing: str) -> Callable[[int, int], None] | None:
    """Shows the share that is done, on a terminal; None elsewhere."""
    stderr = context.stderr
    if not stderr.isatty():
        return None

    def show(done: int, whole: int) -> None:
        stderr.write(f"\r{doing}: {100 * done // max(1, whole)} %" if done < whole else "\r\x1b[K")
        stderr.flush()

    return show


def tell_damage(context: Context, file: Path, damage: Sequence[Damage]) -> None:
    """Say what was lost of a source, if anything was."""
    if damage:
        are = "1 damaged place is a gap" if len(damage) == 1 else f"{len(damage):,} damaged places are gaps"
        context.say(f"{file}: {are} in the new file; see `crashdesk doctor {file}`")


def megabytes(size: int) -> str:
    """`12.3 MB`."""
    return f"{size / 1e6:,.1f} MB"
