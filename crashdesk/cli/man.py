"""`crashdesk man`: the man page, for `man -l -` and for packagers."""

from __future__ import annotations

import argparse

from crashdesk.cli.command import Command, no_arguments
from crashdesk.cli.context import Context


def run(_: argparse.Namespace, context: Context) -> int:
    """Print it as roff."""
    from crashdesk.cli.man_page import man_page

    context.stdout.write(man_page())
    return 0


COMMAND = Command(
    name="man",
    summary="the man page of all commands, as roff",
    configure=no_arguments,
    run=run,
    examples=("crashdesk man | man -l -",),
    shows_problems=True,
)
