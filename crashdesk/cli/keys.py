"""`crashdesk keys`: every key of the desk, what is wrong with your own, what can be typed."""

from __future__ import annotations

import argparse

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.config.key_presets import PRESETS


def configure(parser: Parser) -> None:
    """Arguments of `keys`."""
    parser.set_defaults(do=_list)
    _add_list_options(parser)
    group = parser.add_subparsers(metavar="list|check", parser_class=Parser)
    listing = add_subcommand(group, "list", "the keys in force", "crashdesk keys list --preset vim")
    _add_list_options(listing, argparse.SUPPRESS, argparse.SUPPRESS)
    listing.set_defaults(do=_list)
    check = add_subcommand(group, "check", "what is wrong with your own keys, and which may not come through")
    check.set_defaults(do=_check)


def _add_list_options(parser: Parser, form: str = "text", preset: str = "") -> None:
    """Both before and after the word `list`: what was not given after it leaves what stood before."""
    parser.add_argument("--format", choices=("text", "md"), default=form, help="plain text (default) or Markdown")
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), default=preset, help="the keys of this preset instead of your own"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run the word after `keys`."""
    code: int = arguments.do(arguments, context)
    return code


def _list(arguments: argparse.Namespace, context: Context) -> int:
    """Print the keys in force, with the ids that `[keys]` of config.toml uses."""
    from crashdesk.config.key_table import keys_markdown, keys_text
    from crashdesk.config.keymap import build_keymap

    for problem in context.problems:
        context.say(str(problem))
    settings = context.settings
    if arguments.preset:
        keymap, _ = build_keymap((), preset=arguments.preset)
    else:
        keymap, _ = build_keymap(settings.keys, preset=settings.desk.keymap)
    context.stdout.write(keys_markdown(keymap) if arguments.format == "md" else keys_text(keymap))
    return 0


def _check(_: argparse.Namespace, context: Context) -> int:
    """Exit code 1 for a mistake; keys that some terminals can't send are only warned of."""
    from crashdesk.config.user_keys import key_warnings

    file = context.paths.config_file
    mistakes = [problem for problem in context.problems if _about_keys(problem.key)]
    warnings = key_warnings(file) if file.exists() else ()
    for problem in mistakes:
        context.stdout.write(f"{problem}\n")
    for problem in warnings:
        context.stdout.write(f"warning: {problem}\n")
    if not (mistakes or warnings):
        own, preset = len(context.settings.keys), context.settings.desk.keymap
        words = f"{own} of your own over" if own else "none of your own,"
        context.stdout.write(f"{words} the keymap {preset}, no mistake ({file})\n")
    return 1 if mistakes else 0


def _about_keys(key: str) -> bool:
    """Whether a problem's dotted key is about keys; one without a key is about the whole file."""
    return key in {"", "keys", "desk.keymap"} or key.startswith("keys.")


COMMAND = Command(
    name="keys",
    summary="the keys of the desk, with your own; what is wrong with those",
    configure=configure,
    run=run,
    examples=("crashdesk keys", "crashdesk keys --preset vim", "crashdesk keys check", "crashdesk keys --format md"),
    shows_problems=True,
)
