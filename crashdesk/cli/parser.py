"""The command line as a whole."""

from __future__ import annotations

import argparse

from crashdesk import __version__
from crashdesk.cli.command import Command, Parser, add_config_option, add_subcommand, examples_text
from crashdesk.cli.registry import COMMANDS, DEFAULT

_ABOUT = """\
The terminal desk for the hours when the crypto market falls: prices, sectors, liquidations,
the 200-day average and key levels, recorded and replayed."""

_EXIT_CODES = "exit codes: 0 ok, 1 failed, 2 wrong usage"


def build_parser() -> Parser:
    """The parser of everything; the namespace that it gives has `command`, the `Command` to run or None."""
    parser = Parser(
        prog="crashdesk",
        description=_ABOUT,
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"crashdesk {__version__}")
    add_config_option(parser)
    if DEFAULT is not None:
        DEFAULT.configure(parser)
    parser.set_defaults(command=DEFAULT)
    group = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        own = add_subcommand(group, command.name, command.summary, *command.examples)
        command.configure(own)
        own.set_defaults(command=command)
    return parser


def _epilog() -> str:
    commands: tuple[Command, ...] = COMMANDS if DEFAULT is None else (DEFAULT, *COMMANDS)
    firsts = tuple(command.examples[0] for command in commands if command.examples)
    return f"{examples_text(firsts)}\n\n{_EXIT_CODES}"
