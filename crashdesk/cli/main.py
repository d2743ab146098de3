"""The entry point: arguments in, exit code out, every error one sentence on standard error."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from crashdesk.model.errors import CrashdeskError, UsageError
from crashdesk.model.text import clean

if TYPE_CHECKING:
    from crashdesk.cli.command import Command
    from crashdesk.cli.context import Context

OK, FAILED, USAGE = 0, 1, 2
INTERRUPTED = 130
"""128 + SIGINT: what a shell expects of a command ended by Ctrl+C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of the user's; returns the exit code: 0 ok, 1 failed, 2 wrong usage."""
    # loading modules makes no garbage: collecting costs a tenth of the desk's start
    gc.disable()
    stdin, stdout, stderr = _streams()
    try:
        code = _run(sys.argv[1:] if argv is None else argv, os.environ, stdin, stdout, stderr)
        stdout.flush()
    except BrokenPipeError:
        _silence(stdout)
        code = OK
    except KeyboardInterrupt:
        code = INTERRUPTED
    except CrashdeskError as error:
        _complain(stderr, str(error))
        code = USAGE if isinstance(error, UsageError) else FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _complain(stderr, f"{where}{(error.strerror or str(error)).lower()}")
        _silence(stdout)
        code = FAILED
    finally:
        gc.enable()
    return code


def _run(argv: Sequence[str], environment: Mapping[str, str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    from crashdesk.cli.context import make_context
    from crashdesk.cli.parser import build_parser, joined

    parser = build_parser(argv)
    try:
        arguments = parser.parse_args(joined(argv))
    except SystemExit as done:  # --help and --version have printed
        return OK if done.code is None else int(done.code)
    command: Command = arguments.command
    config_file: Path | None = getattr(arguments, "config", None)
    context = make_context(config_file, environment, stdin, stdout, stderr)
    if getattr(arguments, "ascii", False):
        desk = context.settings.desk._replace(ascii=True)
        context = context._replace(settings=context.settings._replace(desk=desk))
    if getattr(arguments, "read_only", False):
        context = context._replace(read_only=True)
    _before(command, context)
    if not command.screen:
        gc.enable()
    return command.run(arguments, context)


def _before(command: Command, context: Context) -> None:
    """Say what is wrong with the settings. Raises UsageError when the file that was named is not there."""
    if context.explicit_config and not command.may_lack_config and not context.paths.config_file.exists():
        raise UsageError(
            f"{context.paths.config_file}: no such file (`crashdesk config init --config FILE` writes one)"
        )
    if context.explicit_config and command.polls:
        # settings that were named and cannot be read: the venues that were meant are not replaced by others
        unread = [problem for problem in context.problems if not problem.key]
        if unread:
            raise UsageError(str(unread[0]))
    if not command.shows_problems:
        for problem in context.problems:
            context.say(str(problem))


def _streams() -> tuple[TextIO, TextIO, TextIO]:
    """The standard streams; a character that a terminal lacks never ends a command."""
    streams = _stream(sys.stdin, "r"), _stream(sys.stdout, "w"), _stream(sys.stderr, "w")
    for stream in streams[1:]:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return streams


def _stream(stream: TextIO | None, mode: str) -> TextIO:
    """`stream`, or nothing at all in its place when the parent closed it."""
    return stream if stream is not None else cast("TextIO", Path(os.devnull).open(mode, encoding="utf-8"))


def _complain(stderr: TextIO, sentence: str) -> None:
    with contextlib.suppress(OSError):
        stderr.write(f"crashdesk: {clean(sentence, 2_000)}\n")
        stderr.flush()


def _silence(stdout: TextIO) -> None:
    """Send what is left in the buffer nowhere, or Python would complain of it at the very end."""
    with contextlib.suppress(OSError, ValueError):
        handle = os.open(os.devnull, os.O_WRONLY)
        os.dup2(handle, stdout.fileno())
        os.close(handle)
