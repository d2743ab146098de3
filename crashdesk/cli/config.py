"""`crashdesk config`: where the settings are, what is wrong with them, a first file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.config.settings import Paths, Problem
from crashdesk.model.errors import CrashdeskError


def configure(parser: Parser) -> None:
    """Arguments of `config`."""
    group = parser.add_subparsers(metavar="path|check|init|migrate|keys", parser_class=Parser, required=True)
    path = add_subcommand(group, "path", "print where config.toml is", '$EDITOR "$(crashdesk config path)"')
    path.add_argument("--all", action="store_true", help="all files and folders, with their names")
    path.set_defaults(do=_path)
    check = add_subcommand(group, "check", "say what is wrong with config.toml, your themes, levels, notes and baskets")
    check.set_defaults(do=_check)
    init = add_subcommand(group, "init", "write a config.toml that explains every setting and changes none")
    init.set_defaults(do=_init)
    migrate = add_subcommand(
        group, "migrate", "rewrite a config.toml of an older version; comments stay, a copy is kept"
    )
    migrate.set_defaults(do=_migrate)
    keys = add_subcommand(group, "keys", "every key of config.toml as Markdown: its values, default, and what it does")
    keys.set_defaults(do=_keys)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run the word after `config`."""
    code: int = arguments.do(arguments, context)
    return code


def _path(arguments: argparse.Namespace, context: Context) -> int:
    if not arguments.all:
        context.stdout.write(f"{context.paths.config_file}\n")
        return 0
    for name, path in _places(context.paths):
        context.stdout.write(f"{name:<10}  {path}\n")
    return 0


def _places(paths: Paths) -> Iterator[tuple[str, object]]:
    yield "settings", paths.config_file
    yield "themes", paths.themes_dir
    yield "layouts", paths.layouts_dir
    yield "recordings", paths.recordings_dir
    yield "levels", paths.levels_file
    yield "notes", paths.notes_file
    yield "briefs", paths.briefs_dir
    yield "pictures", paths.pictures_dir
    yield "cache", paths.cache_dir
    yield "runtime", paths.runtime_dir


def _check(_: argparse.Namespace, context: Context) -> int:
    problems = [*context.problems, *_other_problems(context)]
    for problem in problems:
        context.stdout.write(f"{problem}\n")
    if problems:
        return 1
    file = context.paths.config_file
    state = f"{file}: ok" if file.exists() else f"{file}: not there, the defaults are used"
    enabled = [venue.name for venue in context.settings.venues if venue.enabled]
    context.stdout.write(f"{state}\nvenues: {', '.join(enabled)}\n")
    return 0


def _other_problems(context: Context) -> Iterator[Problem]:
    """What is wrong with the user's other files."""
    from crashdesk.config.baskets import load_baskets
    from crashdesk.config.layout_file import load_layouts
    from crashdesk.config.levels_file import load_levels
    from crashdesk.config.notes_file import load_notes
    from crashdesk.config.series_file import load_all_series
    from crashdesk.config.themes import load_themes

    yield from load_themes(context.paths.themes_dir)[1]
    yield from load_layouts(context.paths.layouts_dir)[1]
    yield from load_baskets(context.settings.baskets_file)[1]
    yield from load_levels(context.paths.levels_file)[1]
    yield from load_notes(context.paths.notes_file, "")[1]
    yield from load_all_series(context.settings.series)[1]


def _init(_: argparse.Namespace, context: Context) -> int:
    """Write the first config.toml; one that is there is never touched."""
    from crashdesk.config.atomic import write_atomic
    from crashdesk.config.init_text import init_text
    from crashdesk.config.paths import ensure_dir

    file = context.paths.config_file
    if file.exists() or file.is_symlink():
        raise CrashdeskError(f"{file}: already there and left as it is; `--config FILE` writes another")
    if not file.parent.is_dir():
        ensure_dir(file.parent)
    write_atomic(file, init_text())
    context.stdout.write(f"{file}: written, every setting is explained in it\n")
    return 0


def _migrate(_: argparse.Namespace, context: Context) -> int:
    """Rewrite the file when it is of an older version."""
    from crashdesk.config.migrate import migrate

    file = context.paths.config_file
    if not file.exists():
        raise CrashdeskError(f"{file}: not there, so there is nothing to rewrite (`crashdesk config init` writes one)")
    done = migrate(file)
    if done.kept is None:
        context.stdout.write(f"{file}: is of version {done.after}, the newest\n")
    else:
        context.stdout.write(
            f"{file}: now of version {done.after}; of version {done.before} it is kept as {done.kept}\n"
        )
    return 0


def _keys(_: argparse.Namespace, context: Context) -> int:
    """Print the reference."""
    from crashdesk.config.reference import config_markdown

    context.stdout.write(config_markdown())
    return 0


COMMAND = Command(
    name="config",
    summary="your settings: where they are, what is wrong with them, a first file",
    configure=configure,
    run=run,
    examples=("crashdesk config init", "crashdesk config check", "crashdesk --config my.toml config check"),
    shows_problems=True,
    may_lack_config=True,
)
