"""`crashdesk themes`: which there are, and what is wrong with your own."""

from __future__ import annotations

import argparse

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context


def configure(parser: Parser) -> None:
    """Arguments of `themes`."""
    parser.set_defaults(what="list")
    group = parser.add_subparsers(metavar="list|check", parser_class=Parser)
    add_subcommand(group, "list", "the themes there are").set_defaults(what="list")
    add_subcommand(group, "check", "what is wrong with your own themes").set_defaults(what="check")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the themes or the problems of their files (exit code 1 when there are any)."""
    from crashdesk.config.themes import load_themes

    themes, problems = load_themes(context.paths.themes_dir)
    if arguments.what == "check":
        for problem in problems:
            context.stdout.write(f"{problem}\n")
        if not problems:
            context.stdout.write(f"{len(themes)} themes, no problem (your own: {context.paths.themes_dir})\n")
        return 1 if problems else 0
    wide = max(len(name) for name in themes)
    for name, theme in themes.items():
        mark = "*" if name == context.settings.desk.theme else " "
        context.stdout.write(f"{mark} {name:<{wide}}  {'dark ' if theme.dark else 'light'}  {theme.title}\n")
    for problem in problems:
        context.say(str(problem))
    return 0


COMMAND = Command(
    name="themes",
    summary="the themes there are; check your own",
    configure=configure,
    run=run,
    examples=("crashdesk themes", "crashdesk themes check"),
)
