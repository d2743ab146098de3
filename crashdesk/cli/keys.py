"""`crashdesk keys`: every key of the desk."""

from __future__ import annotations

import argparse

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context


def configure(parser: Parser) -> None:
    """Arguments of `keys`."""
    parser.add_argument("--format", choices=("text", "md"), default="text", help="plain text (default) or Markdown")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Print the keys in force, with the ids that `[keys]` of config.toml uses."""
    from crashdesk.config.key_table import keys_markdown, keys_text
    from crashdesk.config.keymap import build_keymap

    keymap, _ = build_keymap(context.settings.keys)
    context.stdout.write(keys_markdown(keymap) if arguments.format == "md" else keys_text(keymap))
    return 0


COMMAND = Command(
    name="keys",
    summary="the keys of the desk, with your own",
    configure=configure,
    run=run,
    examples=("crashdesk keys", "crashdesk keys --format md"),
)
