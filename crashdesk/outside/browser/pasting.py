"""Sees a paste that does not end: what reads a terminal's keys keeps all of it until then."""

from __future__ import annotations

MOST_PASTED = 1 << 20
_BEGIN, _END = b"\x1b[200~", b"\x1b[201~"


class Pasting:
    """Follows what is typed, in pieces that may be cut anywhere."""

    def __init__(self) -> None:
        self._tail = b""
        self._open = 0

    def within_reason(self, typed: bytes) -> bool:
        """Whether the paste that these bytes leave open, if they do, has at most `MOST_PASTED` bytes."""
        seen = self._tail + typed
        self._tail = seen[1 - len(_END) :]
        end = seen.rfind(_END)
        if end >= 0:
            self._open = 0
            seen = typed = seen[end + len(_END) :]
        begin = seen.find(_BEGIN)
        if self._open:
            self._open += len(typed)
        elif begin >= 0:
            self._open = len(seen) - begin
        return self._open <= MOST_PASTED
