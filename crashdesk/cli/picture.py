"""`crashdesk picture`: the desk at a moment of a recording, drawn without a terminal, as SVG or PNG."""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.model.errors import CrashdeskError, RecordingError, UsageError
from crashdesk.model.level import FoundLevel, LevelAsk
from crashdesk.model.times import format_utc

if TYPE_CHECKING:
    from crashdesk.cli.recordings import Chosen
    from crashdesk.desk.camera import Shot

Answer = Callable[[Sequence[tuple[LevelAsk, tuple[FoundLevel, ...]]]], None]

_SIZE = re.compile(r"(\d{2,3})x(\d{2,3})")
_LEAST, _MOST = (40, 10), (400, 200)


def configure(parser: Parser) -> None:
    """Arguments of `picture`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording; without one, the live one")
    parser.add_argument("--scenario", metavar="NAME", help="a built-in reconstruction instead of a file: demo --list")
    parser.add_argument("--out", metavar="NEW", type=Path, required=True, help="what to write: .svg or .png")
    parser.add_argument("--at", metavar="TIME", help="a time, -30m before the end, 50%%, worst (default: the end)")
    parser.add_argument("--size", metavar="COLSxROWS", default="160x48", help="of the terminal (default: %(default)s)")
    parser.add_argument("--theme", metavar="NAME", help="default: the one a desk opens with")
    parser.add_argument(
        "--keys", metavar="KEYS", action="append", default=[], help="pressed first: '3 z'; ':window 15m' is typed"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Draw it and write the file."""
    from crashdesk.config.atomic import write_atomic
    from crashdesk.desk.camera import Shot

    form = arguments.out.suffix.lower()
    if form not in {".svg", ".png"}:
        raise UsageError(f"--out {arguments.out}: name a file that ends in .svg or .png")
    dressed = _dressed(context, arguments.theme)
    size, keys = _size(arguments.size), tuple(key for words in arguments.keys for key in _presses(words))
    chosen = _chosen(arguments, context)
    with _aside(dressed) as own:
        svg, at_ms = _svg(chosen, arguments.at, Shot(0, size, keys), own)
    if form == ".png":
        from crashdesk.outside.png import make_png

        write_atomic(arguments.out, make_png(svg))
    else:
        write_atomic(arguments.out, svg)
    context.wrote(arguments.out, f"the desk of {format_utc(at_ms)}")
    return 0


def _svg(chosen: Chosen, at: str | None, shot: Shot, context: Context) -> tuple[str, int]:
    """The picture at a time as it is typed (None is the end), and that time in UTC ms."""
    from crashdesk.cli.moments import moment
    from crashdesk.cli.opening import DeskPlan, build_desk
    from crashdesk.desk.camera import LIMIT_S, photograph

    reader = chosen.open()
    end_ms = chosen.end_ms(reader)
    at_ms = moment(at, reader, end_ms) if at is not None else end_ms
    reader.close()
    finder = _FinderNow(context.paths.found_levels_file, context)
    desk = build_desk(context, DeskPlan(chosen.path, chosen.open, at_ms, end_ms=end_ms, finder=finder, remembers=False))
    svg = photograph(desk.app, shot._replace(at_ms=at_ms))
    if desk.failures:
        raise RecordingError(desk.failures[0])
    if svg is None:
        raise CrashdeskError(f"{chosen.path}: nothing was drawn: --keys left the desk, or it took over {LIMIT_S:.0f} s")
    return svg, at_ms


@contextlib.contextmanager
def _aside(context: Context) -> Iterator[Context]:
    """The same user with a copy of the own files: what the keys of a picture place or pin is in the picture alone."""
    import shutil
    import tempfile

    paths = context.paths
    with tempfile.TemporaryDirectory() as folder:
        for file in (paths.levels_file, paths.notes_file, paths.remembered_file):
            if file.is_file():
                shutil.copy(file, folder)
        yield context._replace(paths=paths._replace(data_dir=Path(folder)))


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(least <= one <= most for least, one, most in zip(_LEAST, size, _MOST, strict=True)):
        raise UsageError(f"--size {text}: columns x rows, from 40x10 to 400x200, as in 160x48")
    return size


def _presses(words: str) -> tuple[str, ...]:
    """The keys of one `--keys`: a command line that begins with a colon is typed, letter by letter."""
    from crashdesk.config.key_names import canonical_key

    try:
        if words.startswith(":"):
            return (*(canonical_key("space" if letter == " " else letter) for letter in words), "enter")
        return tuple(map(canonical_key, words.split()))
    except ValueError as error:
        raise UsageError(f"--keys: {error}") from None


def _dressed(context: Context, theme: str | None) -> Context:
    """The settings with another theme. Raises UsageError for one that is not there."""
    if theme is None:
        return context
    from crashdesk.config.near import did_you_mean
    from crashdesk.config.themes import theme_ids

    known = theme_ids(context.paths.themes_dir)
    if theme not in known:
        near = did_you_mean(theme, known)
        raise UsageError(f"--theme {theme}: no such theme ({near or 'crashdesk themes lists them'})")
    return context._replace(settings=context.settings._replace(desk=context.settings.desk._replace(theme=theme)))


def _chosen(arguments: argparse.Namespace, context: Context) -> Chosen:
    from crashdesk.cli.recordings import file_recording, scenario_recording

    if arguments.scenario is None:
        return file_recording(arguments.file, context)
    if arguments.file is not None:
        raise UsageError("picture: name a FILE or a --scenario, not both")
    return scenario_recording(arguments.scenario, context)


class _FinderNow:
    """A `LevelFinder` for one who waits: the picture that shows the answer is the next one."""

    def __init__(self, file: Path, context: Context) -> None:
        self._file = file
        self._context = context

    def find(self, asks: Sequence[LevelAsk], answer: Answer) -> None:
        """Answers before it returns; what goes wrong is said, and the picture goes without."""
        from crashdesk.outside.level_finder import find_now

        try:
            answer(list(find_now(asks, self._file).items()))
        except (OSError, ValueError) as error:
            self._context.say(f"key levels could not be calculated: {error}")


COMMAND = Command(
    name="picture",
    summary="the desk at a moment of a recording as SVG or PNG, without a terminal",
    configure=configure,
    run=run,
    examples=(
        "crashdesk picture --scenario november-2025 --out desk.svg",
        "crashdesk picture night.crash --at 03:10 --size 120x36 --theme paper --keys '3 z' --out liquidations.png",
    ),
)
