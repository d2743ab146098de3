"""`crashdesk alerts test`: a message to every address that alerts are sent to."""

from __future__ import annotations

import argparse

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.times import format_utc


def configure(parser: Parser) -> None:
    """The words after `alerts`."""
    group = parser.add_subparsers(metavar="test", required=True, parser_class=Parser)
    add_subcommand(group, "test", "send a message to every address of [notify] in config.toml; say what became of it")


def run(_: argparse.Namespace, context: Context) -> int:
    """Send one message each; exit code 1 when one was not taken."""
    from crashdesk.outside.messenger import Job, can_send, deliver

    urls = context.settings.sending.urls
    if not urls:
        raise CrashdeskError(
            f"{context.paths.config_file}: no addresses to send to; give it a [notify] table with urls"
        )
    if not can_send():
        raise CrashdeskError("sending alerts needs an extra: pip install 'crashdesk[notify]'")
    body = f"{format_utc(context.clock.now_ms())}  this is a test; alerts will come this way"
    reasons = deliver([Job(url, "crashdesk: a test", body) for url in urls])
    for place, (url, reason) in enumerate(zip(urls, reasons, strict=True), 1):
        context.stdout.write(f"address {place}, {url}: {reason or 'sent'}\n")
    return 1 if any(reasons) else 0


COMMAND = Command(
    name="alerts",
    summary="try the addresses that alerts are sent to",
    configure=configure,
    run=run,
    examples=("crashdesk alerts test",),
)
