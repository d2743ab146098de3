"""Clocks: the system's, with an optional shift for rehearsals."""

import time
from typing import NamedTuple

OFFSET_VARIABLE = "CRASHDESK_CLOCK_OFFSET_MS"


class SystemClock(NamedTuple):
    """The system's clock, shifted by `offset_ms`."""

    offset_ms: int = 0

    def now_ms(self) -> int:
        """UTC milliseconds."""
        return time.time_ns() // 1_000_000 + self.offset_ms


def clock_offset(environment: dict[str, str]) -> int:
    """The shift that `CRASHDESK_CLOCK_OFFSET_MS` asks for, in ms. Raises ValueError when it is not a whole number."""
    text = environment.get(OFFSET_VARIABLE, "").strip()
    if not text:
        return 0
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{OFFSET_VARIABLE} is not a whole number of milliseconds: {text!r}") from None
