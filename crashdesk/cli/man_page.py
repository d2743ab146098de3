"""The man page: one page of all commands, made of their parsers."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence

from crashdesk import __date__, __version__
from crashdesk.cli.command import Command, Parser
from crashdesk.cli.parser import ABOUT, WHOLE, build_parser
from crashdesk.cli.registry import NAMES, command_of, default_command
from crashdesk.cli.roff import bold, escaped, example, flowing, italic, item, section, subsection

_FILES = (
    ("~/.config/crashdesk/config.toml", "Settings; crashdesk config path says where they are on this system."),
    ("~/.config/crashdesk/themes/, ~/.config/crashdesk/layouts/", "Themes and layouts of your own."),
    ("~/.local/share/crashdesk/recordings/", "Recordings; live.crash is the one that the desk follows."),
    ("~/.local/share/crashdesk/levels.toml, notes.toml", "Your levels and notes."),
    ("~/.cache/crashdesk/", "Built-in reconstructions and what was found before; may be removed at any time."),
)
_ENVIRONMENT = (
    ("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR", "Other folders for the files above."),
    ("NO_COLOR", "When it is set the desk is drawn without colours: in bold, dim and reverse."),
    ("TERM, COLORTERM", "How many colours the terminal has."),
    (
        "CRASHDESK_ALERT, CRASHDESK_ALERT_KIND, CRASHDESK_ALERT_TEXT, CRASHDESK_ALERT_MS, CRASHDESK_ALERT_TIME",
        "Given to the program that an alert runs: its name and kind, what happened, when (UTC ms, and as a date).",
    ),
)
_EXIT = (
    ("0", "Done."),
    ("1", "It failed; one sentence on standard error says why."),
    ("2", "Wrong usage."),
    ("130", "Ended by Ctrl+C."),
)
_MOST_CHOICES = 12
"""More than these are not listed in a synopsis."""
_SEE = "The keys of the desk: press ? in it, or crashdesk keys. Every setting: crashdesk config keys."


def man_page() -> str:
    """The page in roff, with the macros of man(7), ending in a line end."""
    parser = build_parser(WHOLE)
    commands = _subparsers(parser)
    examples = tuple(found.examples[0] for found in map(command_of, NAMES) if found.examples)
    lines = [
        f'.TH CRASHDESK 1 "{__date__}" "crashdesk {__version__}" "User Commands"',
        section("name"),
        rf"crashdesk \- {escaped('desk for the hours when the crypto market falls')}",
        section("synopsis"),
        *_synopses(commands),
        section("description"),
        flowing(ABOUT),
        flowing("Without a command it shows the live desk. It reads public market data only and places no orders."),
        section("options"),
        *(text for action in parser._actions if _is_config(action) for text in _argument(parser, action)),
        *_arguments(parser),
        section("commands"),
        *(text for name, below in commands.items() for text in _command(name, command_of(name), below)),
        section("files"),
        *_list(_FILES),
        section("environment"),
        *_list(_ENVIRONMENT),
        section("exit status"),
        *_list(_EXIT),
        section("examples"),
        *example((*default_command().examples, *examples)),
        section("see also"),
        flowing(_SEE),
    ]
    return "\n".join(lines) + "\n"


def _synopses(commands: dict[str, Parser]) -> Iterator[str]:
    yield rf"{bold('crashdesk')} [{italic('OPTION')} ...]"
    for name, parser in commands.items():
        yield ".br"
        yield _usage(f"crashdesk {name}", parser)


def _usage(name: str, parser: Parser) -> str:
    words = [bold(name)]
    options = [action for action in parser._actions if action.option_strings and not _is_common(action)]
    words += [_shown(action) for action in options if action.required]
    words += [f"[{italic('OPTION')} ...]"] if len(options) > sum(action.required for action in options) else []
    words += [_shown(action) for action in parser._actions if not action.option_strings]
    return " ".join(words)


def _command(name: str, command: Command, parser: Parser) -> Iterator[str]:
    yield subsection(f"crashdesk {name}")
    yield flowing(f"{_sentence(command.summary)}")
    yield from _arguments(parser)
    for word, below in _subparsers(parser).items():
        yield ".PP"
        yield _usage(f"crashdesk {name} {word}", below)
        yield ".br"
        yield flowing(_sentence(below.description or ""))
        yield from _indented(_arguments(below))
    if command.examples:
        yield ".PP"
        yield "Examples:"
        yield from example(command.examples)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    inner = list(lines)
    if inner:
        yield from (".RS 4", *inner, ".RE")


def _arguments(parser: Parser) -> Iterator[str]:
    for action in parser._actions:
        if not (_is_common(action) or isinstance(action, argparse._SubParsersAction)):
            yield from _argument(parser, action)


def _argument(parser: Parser, action: argparse.Action) -> list[str]:
    return item(_head(action), _sentence(_help(parser, action)))


def _is_common(action: argparse.Action) -> bool:
    """What every command has: told once."""
    return isinstance(action, argparse._HelpAction) or _is_config(action)


def _is_config(action: argparse.Action) -> bool:
    return "--config" in action.option_strings


def _help(parser: Parser, action: argparse.Action) -> str:
    text = parser._get_formatter()._expand_help(action) if action.help else ""
    return text if text or action.choices is None else f"one of {', '.join(map(str, action.choices))}"


def _head(action: argparse.Action) -> str:
    if not action.option_strings:
        return _shown(action)
    value = f" {_value(action)}" if action.nargs != 0 else ""
    return ", ".join(bold(option) for option in action.option_strings) + value


def _shown(action: argparse.Action) -> str:
    """An argument in a synopsis."""
    if action.option_strings:
        return f"{bold(action.option_strings[-1])} {_value(action)}"
    value = _value(action)
    return {"?": f"[{value}]", "*": f"[{value} ...]", "+": f"{value} ..."}.get(str(action.nargs), value)


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return italic(action.metavar)
    if action.choices is not None and len(tuple(action.choices)) <= _MOST_CHOICES:
        return "|".join(map(bold, map(str, action.choices)))
    return italic(action.dest.upper())


def _list(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for head, text in rows:
        yield from item(bold(head), text)


def _sentence(text: str) -> str:
    """With a capital letter at its beginning and a full stop at its end, as man pages have it."""
    return text[:1].upper() + text[1:] + ("" if text[-1:] in {"", ".", ")", "?"} else ".")


def _subparsers(parser: Parser) -> dict[str, Parser]:
    groups = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: below for group in groups for name, below in group.choices.items()}
