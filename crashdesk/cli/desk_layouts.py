"""The layouts of a desk: which one it opens with, which one was chosen."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.cli.context import Context
from crashdesk.config.remembered import load_remembered, remember


def layout_of(context: Context) -> str:
    """The id of the layout in config.toml, else of the one that was chosen last; empty when neither is there."""
    return context.settings.desk.layout or load_remembered(context.paths.remembered_file).layout


def layout_keeper(context: Context) -> Callable[[str], str]:
    """Keeps the layout that was chosen for the next time; gives a sentence when the settings name another one."""

    def choose(layout_id: str) -> str:
        remember(context.paths.remembered_file, lambda kept: kept._replace(layout=layout_id))
        said = context.settings.desk.layout
        if said in ("", layout_id):
            return ""
        return f"layout {layout_id} until the desk closes: config.toml says {said}"

    return choose
