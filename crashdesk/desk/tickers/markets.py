"""What the venues list, for completing the symbol that is to be added."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping

Listed = Mapping[str, tuple[str, ...]]
"""Symbol to the venues that list it."""


class Markets:
    """Read on another thread when it is first asked for, and again while there was nothing to read."""

    def __init__(
        self, load: Callable[[], Listed] | None, begin: Callable[[Coroutine[object, object, None]], object]
    ) -> None:
        """`load` gives what is listed, None when nobody can; `begin` runs a coroutine beside the desk."""
        self._load = load
        self._begin = begin
        self._reading = False
        self._known: Listed = {}

    def __call__(self) -> Listed:
        """What is known by now."""
        if self._load is not None and not self._known and not self._reading:
            self._reading = True
            self._begin(self._read(self._load))
        return self._known

    async def _read(self, load: Callable[[], Listed]) -> None:
        try:
            self._known = await asyncio.to_thread(load)
        finally:
            self._reading = False
