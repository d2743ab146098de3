"""Times as arguments: words inside a recording."""

from __future__ import annotations

from collections.abc import Iterable

from crashdesk.model.errors import UsageError
from crashdesk.model.moments import Minutes, read_moment
from crashdesk.model.ports import Source
from crashdesk.model.times import format_utc, parse_duration


def moment(text: str, source: Source, end_ms: int) -> int:
    """UTC ms of `--at` words inside a recording up to `end_ms`: a time, `-30m` before the end, `50%`, `worst`.

    Raises UsageError when it is no time, or outside the recording.
    """
    start_ms = source.start_ms

    def minutes() -> Iterable[tuple[int, int]]:
        return ((minute, long + short) for minute, (long, short, _) in source.minute_totals().items())

    at_ms = any_moment(text, start_ms, end_ms, "--at", minutes)
    if not start_ms <= at_ms <= end_ms:
        raise UsageError(
            f"--at: {format_utc(at_ms)} is outside the recording, which goes from {format_utc(start_ms)} "
            f"to {format_utc(end_ms)}"
        )
    return at_ms


def any_moment(text: str, start_ms: int, end_ms: int, option: str, minutes: Minutes | None = None) -> int:
    """The same words, but the time may lie outside the recording. Raises UsageError that names the `option`."""
    try:
        return read_moment(text, end_ms, start_ms, end_ms, minutes=minutes)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def duration(text: str, option: str) -> int:
    """Milliseconds of `20s`, `5m`, `1h30m`. Raises UsageError."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
