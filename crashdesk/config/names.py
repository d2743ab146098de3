"""Checks of the names in config.toml: symbols, venues, zones, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crashdesk.config.checks import BadValueError, Check, shown, text
from crashdesk.config.near import did_you_mean

_VENUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}")
_SYMBOL = re.compile(r"[^\s/:]{1,24}/[^\s/:]{1,24}(?::[^\s/:]{1,24})?")


def is_venue_name(name: str) -> bool:
    """Whether a venue may be called so in `[venues.NAME]`: it stands in narrow columns and in file names."""
    return _VENUE.fullmatch(name) is not None


def symbol(value: object) -> str:
    """A unified symbol: BASE/QUOTE for spot, BASE/QUOTE:SETTLE for perpetuals."""
    word = text(value)
    if not _SYMBOL.fullmatch(word):
        raise BadValueError(f"no symbol: {shown(word)}", "write BTC/USDT, or BTC/USDT:USDT for a perpetual")
    return word


def timezone(value: object) -> str:
    """An IANA zone that this system knows."""
    from zoneinfo import ZoneInfo, available_timezones

    word = text(value)
    if word == "UTC":
        return word
    try:
        return ZoneInfo(word).key
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(word, available_timezones()) or "write a name such as UTC, Asia/Tokyo or Europe/Berlin"
        raise BadValueError(f"unknown timezone {shown(word)}", hint) from None


def address(schemes: Sequence[str], path_allowed: bool) -> Check[str]:
    """A URL with one of the schemes and a host. A wrong one is quoted without what may be a secret in it."""
    example = f"write {schemes[0]}://HOST:PORT"

    def check(value: object) -> str:
        word = text(value)
        try:
            parts = urlsplit(word)
            port = parts.port
        except ValueError:
            raise BadValueError(f"no URL that can be read: {_public(word)}", example) from None
        if parts.scheme not in schemes:
            raise BadValueError(f"must start with {_listed(schemes)}, is {_public(word)}", example)
        if not parts.hostname or port == 0 or " " in word:
            raise BadValueError(f"has no host: {_public(word)}", example)
        if parts.query or parts.fragment or (parts.path.strip("/") and not path_allowed):
            raise BadValueError(f"has more than scheme, host and port: {_public(word)}", example)
        return word

    return check


api_address = address(("https", "http"), path_allowed=True)
ws_address = address(("wss", "ws"), path_allowed=True)
proxy_address = address(("http", "https"), path_allowed=False)


def _public(url: str) -> str:
    """A URL for a problem: without what stands before an @ (user, password) and behind a ? (tokens)."""
    scheme, separator, rest = url.partition("://")
    host = (rest if separator else url).rpartition("@")[2].partition("?")[0]
    return shown(f"{scheme}{separator}{host}" if separator else host)


def _listed(schemes: Sequence[str]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)
