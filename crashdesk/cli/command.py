"""What a command is, and the pieces that all of them share."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from crashdesk.cli.context import Context
from crashdesk.config.near import did_you_mean
from crashdesk.model.errors import UsageError
from crashdesk.model.text import clean

_INVALID_CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)$")
_WORD = re.compile(r"[\w-]+")


class Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one sentence, without control characters."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError (argparse would print and exit)."""
        see = f"see `{self.prog} --help`"
        if choice := _INVALID_CHOICE.search(message):
            see = did_you_mean(choice[1], _WORD.findall(choice[2])) or see
            message = message[: choice.start()] + f"no {choice[1]!r} here"
        raise UsageError(f"{clean(message, 400)} ({see})")


class Command(NamedTuple):
    """One command. `configure` adds its arguments, `run` returns the exit code (0 ok, 1 failed, 2 usage).

    Problems of config.toml are printed on standard error before `run`, unless the command shows them itself
    (`shows_problems`). A file named by `--config` that is not there ends the run, unless `may_lack_config`. `screen`:
    it may show a desk, which begins to collect garbage when its first picture is there. `polls`:
    it asks venues, so settings that were named must be readable.
    """

    name: str
    summary: str
    configure: Callable[[Parser], None]
    run: Callable[[argparse.Namespace, Context], int]
    examples: tuple[str, ...] = ()
    shows_problems: bool = False
    may_lack_config: bool = False
    screen: bool = False
    polls: bool = False


def add_config_option(parser: argparse.ArgumentParser) -> None:
    """`--config FILE`, which may stand before or after the command: what was not given leaves no trace."""
    parser.add_argument(
        "--config", metavar="FILE", type=_file, default=argparse.SUPPRESS, help="settings to use instead of your own"
    )


def add_screen_options(parser: argparse.ArgumentParser, command: Command) -> None:
    """`--ascii`, `--read-only` for a command that may show a desk; what was not given leaves no trace."""
    if command.screen:
        parser.add_argument(
            "--ascii", action="store_true", default=argparse.SUPPRESS, help="a desk of plain ASCII characters"
        )
        parser.add_argument(
            "--read-only",
            action="store_true",
            default=argparse.SUPPRESS,
            help="a desk that keeps no levels, notes, settings or pictures, and starts and asks no recorder",
        )


def examples_text(examples: tuple[str, ...]) -> str | None:
    """The end of a help page."""
    return "examples:\n" + "\n".join(f"  {line}" for line in examples) if examples else None


def add_subcommand(group: "argparse._SubParsersAction[Parser]", name: str, summary: str, *examples: str) -> Parser:
    """A parser for one word after a command (`config check`)."""
    parser = group.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=examples_text(examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_option(parser)
    return parser


def no_arguments(_: Parser) -> None:
    """For a command without arguments of its own."""


def _file(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("needs the name of a file")
    return Path(text)
