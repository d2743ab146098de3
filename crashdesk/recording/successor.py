"""The recording in which a closed one goes on: its CLOSE frame names it, by names of files in the same folder.

The payload is a JSON array of names, the likeliest first: the file in which the next day will end up, and the one that
is written while it runs. A name with a folder in it is passed over, and so is a file that is not the same recording.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

_MOST = 4
_LONGEST = 255


def encode_successors(names: Sequence[str]) -> bytes:
    """The payload of a CLOSE frame; none names nothing."""
    return json.dumps(list(names), ensure_ascii=False).encode("utf-8") if names else b""


def decode_successors(payload: bytes) -> tuple[str, ...]:
    """The names in a CLOSE frame; what cannot be a file's name is left out."""
    try:
        names = json.loads(payload) if payload else []
    except (ValueError, RecursionError):
        return ()
    if not isinstance(names, list):
        return ()
    return tuple(name for name in names[:_MOST] if isinstance(name, str) and _is_plain(name))


def _is_plain(name: str) -> bool:
    return 0 < len(name) <= _LONGEST and name.isprintable() and "/" not in name and not name.startswith(".")


def successor_paths(recording: Path, payload: bytes) -> Iterator[Path]:
    """Where the recording may go on that ends with a CLOSE frame of this payload."""
    return (recording.parent / name for name in decode_successors(payload))
