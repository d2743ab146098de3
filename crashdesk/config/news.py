"""The `[news]` table: RSS and Atom feeds that the recorder asks for titles."""

from __future__ import annotations

from crashdesk.config.checks import list_of, number
from crashdesk.config.settings import NewsSettings
from crashdesk.config.table import Table
from crashdesk.config.web import web_address

MOST_FEEDS = 20
_FEEDS = list_of(web_address, at_most=MOST_FEEDS)


def read_news(table: Table) -> NewsSettings:
    """The feeds in `table`, each once, and how often they are asked: 1 to 1,440 minutes."""
    usual = NewsSettings()
    found = NewsSettings(
        feeds=tuple(dict.fromkeys(table.take("feeds", _FEEDS, usual.feeds))),
        poll_minutes=table.take("poll_minutes", number(1, 1_440), usual.poll_minutes),
    )
    table.finish()
    return found
