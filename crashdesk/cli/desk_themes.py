"""The themes of a desk: which one it opens with, what changes in their files, which one was chosen."""

from __future__ import annotations

from crashdesk.cli.context import Context
from crashdesk.config.remembered import load_remembered, remember
from crashdesk.config.theme_shelf import ThemeShelf
from crashdesk.desk.ports import ThemePorts


def theme_of(context: Context) -> str:
    """The id of the theme in config.toml, else of the one that was chosen last; empty when neither is there."""
    return context.settings.desk.theme or load_remembered(context.paths.remembered_file).theme


def theme_ports(context: Context, shelf: ThemeShelf) -> ThemePorts:
    """What a desk asks of the files of themes."""

    def choose(theme_id: str) -> str:
        remember(context.paths.remembered_file, lambda kept: kept._replace(theme=theme_id))
        said = context.settings.desk.theme
        return f"theme {theme_id} until the desk closes: config.toml says {said}" if said not in ("", theme_id) else ""

    return ThemePorts(shelf.look, choose, context.check)
