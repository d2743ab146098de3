"""The messenger of a desk or a recorder, as the settings want it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crashdesk.cli.context import Context
from crashdesk.config.settings import Problem

if TYPE_CHECKING:
    from crashdesk.outside.messenger import Messenger


def make_messenger(context: Context, failed: Callable[[str], None]) -> Messenger | None:
    """What sends alerts to the addresses of [notify], None without any; `failed` gets a sentence, on a thread of it."""
    if not context.settings.sending.urls:
        return None
    from crashdesk.outside.messenger import Messenger

    return Messenger(context.settings.sending, failed)


def cannot_send(context: Context) -> tuple[Problem, ...]:
    """That there are addresses and nothing that sends."""
    if not context.settings.sending.urls:
        return ()
    from crashdesk.outside.messenger import can_send

    if can_send():
        return ()
    what, hint = "no alert is sent: apprise is not installed", "pip install 'crashdesk[notify]'"
    return (Problem(context.paths.config_file, "notify.urls", what, hint),)
