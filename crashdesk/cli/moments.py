"""Times as arguments: words inside a recording."""

from __future__ import annotations

from crashdesk.model.errors import UsageError
from crashdesk.model.times import format_utc, parse_duration, parse_time


def moment(text: str, start_ms: int, end_ms: int) -> int:
    """UTC ms of `--at` words inside a recording from `start_ms` to `end_ms`: a time, `-30m` before the end, `50%`.

    Raises UsageError when it is no time, or outside the recording.
    """
    at_ms = any_moment(text, start_ms, end_ms, "--at")
    if not start_ms <= at_ms <= end_ms:
        raise UsageError(
            f"--at: {format_utc(at_ms)} is outside the recording, which goes from {format_utc(start_ms)} "
            f"to {format_utc(end_ms)}"
        )
    return at_ms


def any_moment(text: str, start_ms: int, end_ms: int, option: str) -> int:
    """The same words, but the time may lie outside the recording. Raises UsageError that names the `option`."""
    try:
        return _share(text, start_ms, end_ms) if text.strip().endswith("%") else parse_time(text, end_ms)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _share(text: str, start_ms: int, end_ms: int) -> int:
    try:
        share = float(text.strip()[:-1]) / 100
    except ValueError:
        raise ValueError(f"not a percentage: {text!r}") from None
    if not 0 <= share <= 1:
        raise ValueError(f"a percentage goes from 0% to 100%, not {text.strip()}")
    return start_ms + round(share * (end_ms - start_ms))


def duration(text: str, option: str) -> int:
    """Milliseconds of `20s`, `5m`, `1h30m`. Raises UsageError."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
