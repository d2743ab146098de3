"""Another host for a venue's URLs: mirrors, gateways, loopback."""

from __future__ import annotations

from urllib.parse import urlsplit

from crashdesk.model.errors import CrashdeskError

_SOCKET_SCHEMES = ("ws", "wss")
_REST_SCHEMES = ("http", "https")


def rewrite_urls(node: object, api_url: str | None, ws_url: str | None) -> object:
    """A copy of ccxt's `urls["api"]` with scheme, host and port of every URL replaced, at any depth.

    `api_url` replaces those of http(s) URLs, `ws_url` those of ws(s) URLs; None leaves them. Paths are kept, behind the
    path of the replacement if that has one; `{hostname}` placeholders in the host go with it. Raises CrashdeskError
    when a replacement is not an absolute URL of the right scheme.
    """
    rest = _base(api_url, _REST_SCHEMES, "api_url")
    socket = _base(ws_url, _SOCKET_SCHEMES, "ws_url")
    return _rewrite(node, rest, socket)


def _rewrite(node: object, rest: str | None, socket: str | None) -> object:
    if isinstance(node, dict):
        return {key: _rewrite(value, rest, socket) for key, value in node.items()}
    if isinstance(node, list):
        return [_rewrite(value, rest, socket) for value in node]
    if not isinstance(node, str) or "://" not in node:
        return node
    scheme, _, tail = node.partition("://")
    base = socket if scheme in _SOCKET_SCHEMES else rest if scheme in _REST_SCHEMES else None
    if base is None:
        return node
    _, slash, path = tail.partition("/")
    return base + slash + path


def _base(url: str | None, schemes: tuple[str, ...], key: str) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.netloc:
        raise CrashdeskError(f"{key} = {url!r} is not a URL that starts with {schemes[0]}:// or {schemes[1]}://")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
