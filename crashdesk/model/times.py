"""Times and durations as people write them, always UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from crashdesk.model.text import clean
from crashdesk.model.timeframe import DAY_MS, HOUR_MS, MINUTE_MS

SECOND_MS = 1000

_UNIT_MS = {"d": DAY_MS, "h": HOUR_MS, "m": MINUTE_MS, "s": SECOND_MS}
_DURATION = r"(?:\d+(?:\.\d+)?[dhms])+"
_DURATION_PART = r"(\d+(?:\.\d+)?)([dhms])"
_EPOCH_MS = r"\d{12,13}"
_HOUR = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_MONTH_DAY = r"([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?(?:,? (\d{1,2}:\d{2}(?::\d{2})?))?"
_DAY_MONTH = r"(\d{1,2})\.? ([a-z]{3,9})\b"
_NAMED_DAY = r"(today|yesterday)(?: (\d{1,2}:\d{2}(?::\d{2})?))?"
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
LAST_MS = 253_402_300_799_999
"""The end of the year 9999: the last instant that has a date."""

_EXAMPLES = ("2025-11-04 03:00", "nov 4 03:00", "14:05", "-30m", "now")


def parse_duration(text: str) -> int:
    """The length in ms of `20s`, `5m`, `1h30m`, `2d` or `1.5h`. Raises ValueError with one sentence when it is none."""
    word = text.strip().lower().replace(" ", "")
    if not re.fullmatch(_DURATION, word, re.ASCII):
        raise ValueError(f"not a duration: {clean(text, 40)!r} (write 20s, 5m, 1h30m or 2d)")
    total = sum(float(number) * _UNIT_MS[unit] for number, unit in re.findall(_DURATION_PART, word, re.ASCII))
    if not 0 < total <= LAST_MS:
        raise ValueError(f"a duration must be longer than 0 and shorter than 8000 years: {clean(text, 40)!r}")
    return round(total)


def parse_time(text: str, now_ms: int, also: Iterable[str] = ()) -> int:
    """UTC ms of a time as a person writes it. Raises ValueError with one sentence, which names what may `also` be
    written.

    `now_ms` (UTC ms) is what the relative words start from: `now`, `-30m`, `+5m`, `yesterday 14:05`; the day of
    `14:05`; the year of `nov 4 03:00` or `4 nov` is the one that puts it nearest to `now_ms`. A time without an offset
    is UTC; twelve or thirteen digits are milliseconds since 1970.
    """
    word = " ".join(text.lower().split())
    word = word.removesuffix("utc").strip() if word.endswith("utc") else word
    found = _absolute(word) if word else None
    if found is None:
        found = _relative(word, now_ms)
    if found is None:
        words = ", ".join((*_EXAMPLES, *also))
        raise ValueError(f"not a time: {clean(text, 40)!r} (write {words} or a time in milliseconds)")
    if not 0 <= found <= LAST_MS:
        raise ValueError(f"a time outside the years 1970 to 9999: {clean(text, 40)!r}")
    return found


def format_utc(ms: int) -> str:
    """`2025-11-04 03:12:44 UTC`, cut to the second."""
    return f"{_moment(ms):%Y-%m-%d %H:%M:%S} UTC"


def iso_utc(ms: int) -> str | None:
    """`2025-11-04T03:12:44.123Z`; None when the time has no date (before 1970, after 9999)."""
    if not 0 <= ms <= LAST_MS:
        return None
    return f"{_moment(ms):%Y-%m-%dT%H:%M:%S}.{ms % SECOND_MS:03}Z"


def _absolute(word: str) -> int | None:
    """UTC ms of `1762225964000` or an ISO 8601 date or time."""
    if re.fullmatch(_EPOCH_MS, word, re.ASCII):
        return int(word)
    if not re.match(r"\d{4}-?\d\d-?\d\d(?!\d)", word, re.ASCII):
        return None
    try:
        moment = datetime.fromisoformat(word.upper())
    except ValueError:
        return None
    return _ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _relative(word: str, now_ms: int) -> int | None:
    """UTC ms of a word that counts from `now_ms`."""
    if word == "now":
        return now_ms
    if word[:1] in {"-", "+"}:
        try:
            span = parse_duration(word[1:])
        except ValueError:
            return None
        return now_ms - span if word[0] == "-" else now_ms + span
    if (of_day := _of_day(word)) is not None:
        return now_ms // DAY_MS * DAY_MS + of_day
    if match := re.fullmatch(_NAMED_DAY, word, re.ASCII):
        of_day = _of_day(match[2] or "0:00")
        day = now_ms // DAY_MS - (match[1] == "yesterday")
        return None if of_day is None else day * DAY_MS + of_day
    return _month_day(re.sub(_DAY_MONTH, r"\2 \1", word, count=1, flags=re.ASCII), now_ms)


def _of_day(word: str) -> int | None:
    """Milliseconds after midnight of `14:05` or `14:05:30`."""
    if not (match := re.fullmatch(_HOUR, word, re.ASCII)):
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS


def _month_day(word: str, now_ms: int) -> int | None:
    """UTC ms of `nov 4`, `nov 4 03:00` or `november 4, 2025 03:00`."""
    if not (match := re.fullmatch(_MONTH_DAY, word, re.ASCII)):
        return None
    name, day, year, clock = match.groups()
    month = next((i for i, full in enumerate(_MONTHS, 1) if full.startswith(name)), None)
    of_day = _of_day(clock) if clock else 0
    if month is None or of_day is None:
        return None
    around = _moment(now_ms).year
    years = (int(year),) if year else (around, around - 1, around + 1)
    days = [_day_ms(candidate, month, int(day)) for candidate in years]
    instants = [midnight + of_day for midnight in days if midnight is not None]
    return min(instants, key=lambda ms: abs(ms - now_ms), default=None)


def _day_ms(year: int, month: int, day: int) -> int | None:
    try:
        return _ms(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return None


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
