"""Where `go` goes: a time typed in the desk's zone, always inside of the recording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from crashdesk.desk import figures
from crashdesk.model.moments import read_moment
from crashdesk.session.views import TransportView


def read_go(
    text: str,
    now_ms: int,
    transport: TransportView,
    zone: tzinfo,
    zone_name: str,
    minutes: Sequence[tuple[int, int]] = (),
) -> int:
    """UTC ms of `14:05`, `-30m`, `50%`, a date, or the `worst` of the `minutes`, read in `zone`.

    Raises ValueError with one sentence.
    """
    at_ms = read_moment(text, now_ms, transport.start_ms, transport.end_ms, zone, lambda: minutes)
    if not transport.start_ms <= at_ms <= transport.end_ms:
        start, end = (_day_and_minute(ms, zone) for ms in (transport.start_ms, transport.end_ms))
        at = f"{figures.date(at_ms, zone)} {figures.hour_minute(at_ms, zone)}"
        raise ValueError(f"{at} {zone_name} lies outside: the recording is {start} to {end} {zone_name}")
    return at_ms


def _day_and_minute(ms: int, zone: tzinfo) -> str:
    return f"{figures.month_day(ms, zone)} {figures.hour_minute(ms, zone)}"
