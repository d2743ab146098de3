"""The `[notify]` table: chat services and the like that alerts are sent to, by addresses that hold secrets."""

from __future__ import annotations

import re
from pathlib import Path

from crashdesk.config.address import Address
from crashdesk.config.checks import BadValueError, Described, kind_of, list_of, number
from crashdesk.config.settings import SendSettings
from crashdesk.config.table import Table

MOST_ADDRESSES = 20
_LONGEST = 2_000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://\S")
_OTHERS = 0o077


def read_sending(table: Table, file: Path) -> SendSettings:
    """The addresses in `table`, each once, and how often they may be written to: every 1 to 3,600 seconds."""
    usual = SendSettings()
    found = SendSettings(
        urls=tuple(dict.fromkeys(table.take("urls", _ADDRESSES, usual.urls))),
        every_seconds=table.take("every_seconds", number(1, 3_600), usual.every_seconds),
    )
    table.finish()
    if found.urls and _others_may_read(file):
        table.problem("urls", "others on this machine can read them", f"chmod 600 {file}")
    return found


def _address(value: object) -> Address:
    """An address as it is written; what is wrong with it is told without a letter of it."""
    if not isinstance(value, str):
        raise BadValueError(f"must be text, is {kind_of(value)}", "put it in quotes")
    url = value.strip()
    if len(url) > _LONGEST or not url.isprintable():
        raise BadValueError(f"an address has at most {_LONGEST:,} characters, on one line")
    if not _ADDRESS.match(url):
        raise BadValueError("no address: it begins with no scheme", "write SCHEME://... as apprise explains them")
    return Address(url)


_ADDRESSES = list_of(Described(_address, "address", "`SCHEME://...`"), at_most=MOST_ADDRESSES)


def _others_may_read(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & _OTHERS)
    except OSError:
        return False
