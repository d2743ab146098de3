"""Who may see a desk that is served: by the address asked for, by the page that asks, and by the token."""

from __future__ import annotations

import hmac
import secrets
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_NAME = "localhost"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address; a name other than localhost may be anywhere."""
    if host.lower() == _NAME:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    """32 characters that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(24)


def same_token(given: str, token: str) -> bool:
    """Whether they are equal, found in a time that does not tell how far."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def asked_here(host: str | None) -> bool:
    """Whether the `Host` of a request is this machine by one of its own names, at any port.

    A page from elsewhere whose name was made to point at 127.0.0.1 (DNS rebinding) asks by its own name.
    """
    parts = _split(f"//{host}") if host else None
    return parts is not None and parts.hostname is not None and is_loopback(parts.hostname)


def from_our_page(origin: str | None, host: str | None) -> bool:
    """Whether the `Origin` of a web socket is the page at `host`.

    Browsers let every page open a web socket to anywhere, but they say which page it was.
    """
    parts = _split(origin) if origin else None
    if parts is None or not host:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - a port that is none raises
    except ValueError:
        return None
    return parts
