"""The command line as a whole."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from crashdesk import __version__
from crashdesk.cli.command import Parser, add_config_option, add_screen_options, add_subcommand, examples_text
from crashdesk.cli.registry import NAMES, command_of, default_command

ABOUT = """\
The terminal desk for the hours when the crypto market falls: prices, sectors, liquidations,
the 200-day average and key levels, recorded and replayed."""

_FLAGS = ("--ascii", "--read-only")
_TIMES = ("--at", "--from", "--to")
WHOLE = ("--help",)
"""Arguments whose parser knows every command."""
_EXIT_CODES = "exit codes: 0 ok, 1 failed, 2 wrong usage"


def build_parser(argv: Sequence[str]) -> Parser:
    """The parser for `argv`; the namespace that it gives has `command`, the `Command` to run.

    It only knows the command that `argv` names, or the one that runs without a name: loading all of them is for the
    help page and for mistakes.
    """
    word = _first_word(argv)
    named = word if word in NAMES else None
    names = NAMES if named is None else (named,)
    parser = Parser(
        prog="crashdesk",
        description=ABOUT,
        epilog=_epilog() if word is not None and named is None else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"crashdesk {__version__}", help="print the version")
    add_config_option(parser)
    if named is None:
        default = default_command()
        default.configure(parser)
        add_screen_options(parser, default)
        parser.set_defaults(command=default)
    if word is None:
        return parser
    group = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for name in names:
        command = command_of(name)
        own = add_subcommand(group, command.name, command.summary, *command.examples)
        command.configure(own)
        add_screen_options(own, command)
        if named is not None:
            add_screen_options(parser, command)
        own.set_defaults(command=command)
    return parser


def joined(argv: Sequence[str]) -> list[str]:
    """`argv` with `--at -30m` as one word (`--from`, `--to` too): argparse would take the time for an option."""
    words: list[str] = []
    for word in argv:
        if words and words[-1] in _TIMES and word[:1] == "-" and word[1:2].isdigit():
            words[-1] = f"{words[-1]}={word}"
        else:
            words.append(word)
    return words


def _first_word(argv: Sequence[str]) -> str | None:
    """What `argv` begins with behind `--config FILE` and the like: a command, `--help` or a mistake; None: nothing."""
    words = iter(argv)
    for word in words:
        if word == "--config":
            next(words, None)
        elif word not in _FLAGS and not word.startswith("--config="):
            return word
    return None


def _epilog() -> str:
    commands = (default_command(), *map(command_of, NAMES))
    firsts = tuple(command.examples[0] for command in commands if command.examples)
    return f"{examples_text(firsts)}\n\n{_EXIT_CODES}"
