"""`crashdesk completion SHELL`: a script that lets a shell complete commands, options and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context

SHELLS = ("bash", "zsh", "fish")
_FILES = ("FILE", "NEW")
_FOLDERS = ("FOLDER",)

_HOW = """\
bash: crashdesk completion bash > ~/.local/share/bash-completion/completions/crashdesk
zsh:  crashdesk completion zsh > ~/.zfunc/_crashdesk
      (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)
fish: crashdesk completion fish > ~/.config/fish/completions/crashdesk.fish"""


def configure(parser: Parser) -> None:
    """Arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="whose script to print")
    parser.epilog = f"where the script goes:\n{_HOW}"


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the script; it is made of the parser, so it knows every command and option of this version."""
    import shtab

    from crashdesk.cli.parser import WHOLE, build_parser

    parser = build_parser(WHOLE)
    for action in _actions(parser):
        kind = shtab.FILE if _names_file(action) else shtab.DIRECTORY if action.metavar in _FOLDERS else None
        if kind is not None:
            action.complete = kind  # type: ignore[attr-defined] # the attribute that shtab looks for
    context.stdout.write(shtab.complete(parser, arguments.shell))
    return 0


def _names_file(action: argparse.Action) -> bool:
    return action.metavar in _FILES or (action.type is Path and action.metavar not in _FOLDERS)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All arguments of a parser and of its commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _actions(below)
        else:
            yield action


COMMAND = Command(
    name="completion",
    summary="lets your shell complete commands, options and files",
    configure=configure,
    run=run,
    examples=("crashdesk completion bash", "crashdesk completion zsh"),
)
