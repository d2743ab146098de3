"""`crashdesk themes`: which there are, what is wrong with your own, a new one, and how one looks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.model.errors import CrashdeskError, UsageError
from crashdesk.model.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crashdesk.config.theme import Theme


def configure(parser: Parser) -> None:
    """Arguments of `themes`."""
    parser.set_defaults(do=_list)
    group = parser.add_subparsers(metavar="list|check|preview|new|keys", parser_class=Parser)
    add_subcommand(group, "list", "the themes there are; * is the one a desk opens with").set_defaults(do=_list)
    add_subcommand(group, "check", "what is wrong with your own themes").set_defaults(do=_check)
    preview = add_subcommand(
        group, "preview", "how a theme looks, on this terminal", "crashdesk themes preview paper", "... preview --all"
    )
    preview.add_argument("name", nargs="?", metavar="NAME", help="default: the one a desk opens with")
    preview.add_argument("--all", action="store_true", help="one after the other")
    preview.set_defaults(do=_preview)
    new = add_subcommand(
        group, "new", "write a theme of your own that explains itself", "crashdesk themes new mine --from paper"
    )
    new.add_argument("name", metavar="NAME", help="of the file, without .toml")
    new.add_argument("--from", dest="base", metavar="NAME", help="the theme it looks like at first")
    new.set_defaults(do=_new)
    add_subcommand(group, "keys", "every key of a theme and what it colours (Markdown)").set_defaults(do=_keys)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run the word after `themes`."""
    code: int = arguments.do(arguments, context)
    return code


def _list(_: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.themes import Themes, load_themes, own_themes

    themes, problems = load_themes(context.paths.themes_dir)
    opens, built_in = _opens_with(context, themes), Themes()
    own = {found.theme.id for found in own_themes(context.paths.themes_dir) if found.theme is not None}
    wide = max(len(name) for name in themes)
    for name, theme in themes.items():
        mark = "*" if name == opens else " "
        kind = "dark " if theme.dark else "light"
        whose = "" if name not in own else "  (yours, for the built-in one)" if name in built_in else "  (yours)"
        context.stdout.write(f"{mark} {name:<{wide}}  {kind}  {theme.title}{whose}\n")
    for problem in problems:
        context.say(str(problem))
    return 0


def _check(_: argparse.Namespace, context: Context) -> int:
    """Exit code 1 for a mistake; colours that are hard to read are only warned of."""
    from crashdesk.config.themes import own_themes

    own = own_themes(context.paths.themes_dir)
    mistakes = [problem for found in own for problem in found.problems]
    warnings = [problem for found in own for problem in found.warnings]
    for problem in mistakes:
        context.stdout.write(f"{problem}\n")
    for problem in warnings:
        context.stdout.write(f"warning: {problem}\n")
    if not (mistakes or warnings):
        words = f"{len(own)} of your own, no mistake" if own else "none of your own yet"
        context.stdout.write(f"{words} ({context.paths.themes_dir})\n")
    return 1 if mistakes else 0


def _preview(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.themes import load_themes
    from crashdesk.desk.theme_sample import write_sample

    themes, _ = load_themes(context.paths.themes_dir)
    if arguments.all:
        chosen = list(themes.values())
    else:
        chosen = [_named(arguments.name or _opens_with(context, themes), themes)]
    for theme in chosen:
        write_sample(theme, context.stdout, context.environment, plain_ascii=context.settings.desk.ascii)
    return 0


def _new(arguments: argparse.Namespace, context: Context) -> int:
    """A file that is there is never touched."""
    from crashdesk.config.atomic import write_atomic
    from crashdesk.config.paths import ensure_dir
    from crashdesk.config.theme_file import NAME_RULE, is_theme_name
    from crashdesk.config.theme_text import new_theme_text
    from crashdesk.config.themes import Themes

    name = arguments.name.removesuffix(".toml")
    if not is_theme_name(name):
        raise UsageError(f"{clean(name, 60)!r}: {NAME_RULE}")
    themes = Themes()
    base = _named(arguments.base or _opens_with(context, themes), themes)
    file = ensure_dir(context.paths.themes_dir) / f"{name}.toml"
    if file.exists() or file.is_symlink():
        raise CrashdeskError(f"{file}: already there and left as it is")
    write_atomic(file, new_theme_text(name, base))
    context.stdout.write(f"{file}: written, it looks like {base.id}; `:theme {name}` on a desk wears it\n")
    return 0


def _keys(_: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.theme_text import reference

    context.stdout.write(reference())
    return 0


def _opens_with(context: Context, themes: Mapping[str, Theme]) -> str:
    from crashdesk.cli.desk_themes import theme_of
    from crashdesk.config.themes import pick_theme

    return pick_theme(themes, theme_of(context)).id


def _named(name: str, themes: Mapping[str, Theme]) -> Theme:
    """Raises UsageError with the nearest name."""
    from crashdesk.config.near import did_you_mean

    theme = themes.get(name)
    if theme is None:
        hint = did_you_mean(name, themes)
        raise UsageError(f"no theme {clean(name, 60)!r}" + (f" ({hint})" if hint else ""))
    return theme


COMMAND = Command(
    name="themes",
    summary="the themes there are; check, preview and make your own",
    configure=configure,
    run=run,
    examples=("crashdesk themes", "crashdesk themes preview paper", "crashdesk themes new mine --from paper"),
)
