"""Key levels that were found before, in memory and on the disk.

A cache: versioned, replaced atomically, and empty when anything in it is odd. It is named by all that an answer depends
on: venue, symbol, the closed days, the reference price and the algorithm.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from crashdesk.analytics.levels_text import ALGORITHM, Found, pack_found, unpack_found
from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.level import LevelAsk

MOST_KEPT = 400
_MOST_BYTES = 2_000_000


class LevelCache:
    """The last `MOST_KEPT` answers. Not for two threads at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, Found] | None = None

    def known(self, asks: Iterable[LevelAsk]) -> dict[LevelAsk, Found]:
        """Those of the questions that were answered before."""
        kept = self._all()
        return {ask: kept[name] for ask in asks if (name := _name(ask)) in kept}

    def keep(self, answers: Iterable[tuple[LevelAsk, Found]]) -> None:
        """Keep answers; that they can't be written down is no matter."""
        kept = self._all()
        for ask, found in answers:
            kept.pop(_name(ask), None)
            kept[_name(ask)] = found
        for name in list(kept)[:-MOST_KEPT]:
            del kept[name]
        text = json.dumps([ALGORITHM, {name: pack_found(found) for name, found in kept.items()}], separators=(",", ":"))
        with suppress(OSError, CrashdeskError):
            ensure_dir(self._file.parent)
            write_atomic(self._file, text)

    def _all(self) -> dict[str, Found]:
        if self._kept is None:
            self._kept = _read(self._file)
        return self._kept


def _read(file: Path) -> dict[str, Found]:
    try:
        with file.open(encoding="utf-8") as stream:
            version, packed = json.loads(stream.read(_MOST_BYTES))
        if version != ALGORITHM:
            return {}
        return {str(name): unpack_found(found) for name, found in packed.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _name(ask: LevelAsk) -> str:
    days = crc32(array("q", ask.days.open_ms).tobytes())
    for column in (ask.days.high, ask.days.low, ask.days.close):
        days = crc32(array("d", column).tobytes(), days)
    last_day = ask.days.open_ms[-1] if ask.days.open_ms else 0
    return f"{ask.venue}|{ask.symbol}|{last_day}|{ask.last!r}|{days:08x}"
