"""Addresses of web pages in users' files."""

from __future__ import annotations

from urllib.parse import urlsplit

from crashdesk.config.checks import BadValueError, shown, text


def web_address(value: object) -> str:
    """A whole http or https address with a host; nothing else is ever asked for or shown as a link."""
    word = text(value)
    try:
        parts = urlsplit(word)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or " " in word:
        public = word.rpartition("@")[2].partition("?")[0]
        raise BadValueError(f"no web address: {shown(public)}", "write https://HOST/...")
    return word
