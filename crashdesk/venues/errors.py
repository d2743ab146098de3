"""The border for foreign exceptions: every one becomes a step of a short ladder and one sentence for the user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from crashdesk.model.records import HealthState
from crashdesk.model.text import clean

_LONGEST_WAIT_S = 3600.0
_RATE_WORDS = ("too frequent", "too many", "rate limit", "too much request")


@dataclass(frozen=True, slots=True)
class Fault:
    """What an exception means: the feed's state, one sentence, and the wait the venue asked for (s, None unknown).

    `late` is that nothing came in the time allowed.
    """

    state: HealthState
    sentence: str
    retry_after_s: float | None = None
    late: bool = False


class HttpRefusalError(Exception):
    """A venue answered with an HTTP status that is a refusal. `retry_after_s` is what its Retry-After asks for."""

    def __init__(self, status: int, body: str, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.retry_after_s = retry_after_s


class BadDataError(Exception):
    """An answer came and cannot be trusted. Its text says what is wrong with it."""


class NoMarketListError(BadDataError):
    """What came as the market list is none."""


class SilenceError(Exception):
    """A socket that is open brings nothing any more, not even pings."""


class UnlistedError(Exception):
    """The venue does not list what it is asked for."""


def retry_after_seconds(value: object, now_ms: int) -> float | None:
    """The seconds of a Retry-After header, given as such or as a date (RFC 9110, 10.2.3). At most an hour.

    None when there is none or it is garbage.
    """
    text = str(value)
    try:
        seconds = float(text)
    except ValueError:
        at_s = _date_s(text)
        return None if at_s is None else min(max(0.0, at_s - now_ms / 1000), _LONGEST_WAIT_S)
    return min(seconds, _LONGEST_WAIT_S) if seconds >= 0 else None


def _date_s(text: str) -> float | None:
    """An HTTP date, always in GMT, in UTC seconds."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC).timestamp()
    except (ValueError, IndexError, OverflowError):
        return None


# The first name that is among an exception's classes decides, so the special come before the general. Names, not
# classes: this module must not import ccxt.
_BY_CLASS: tuple[tuple[str, HealthState, str], ...] = (
    ("RestrictedLocation", HealthState.UNREACHABLE, "unreachable here: the venue refuses this location"),
    ("RateLimitExceeded", HealthState.RATE_LIMITED, "too many requests: waiting as the venue asks"),
    ("DDoSProtection", HealthState.RATE_LIMITED, "too many requests: waiting as the venue asks"),
    ("OnMaintenance", HealthState.RETRYING, "the venue is in maintenance"),
    ("InvalidProxySettings", HealthState.GONE, "the proxy setting of this venue is not usable"),
    ("RequestTimeout", HealthState.RETRYING, "no answer in time"),
    ("BadSymbol", HealthState.GONE, "not listed by the venue"),
    ("ContractUnavailable", HealthState.GONE, "not available at the venue now"),
    ("AuthenticationError", HealthState.GONE, "the venue does not give this without an account"),
    ("NotSupported", HealthState.GONE, "the venue does not offer this"),
    ("ArgumentsRequired", HealthState.GONE, "the venue does not offer this"),
    ("BadResponse", HealthState.BAD_DATA, "an answer that makes no sense"),
    ("NullResponse", HealthState.BAD_DATA, "an empty answer"),
    ("ExchangeNotAvailable", HealthState.RETRYING, "no connection to the venue"),
    ("NetworkError", HealthState.RETRYING, "the connection failed"),
    ("BadRequest", HealthState.BAD_DATA, "the venue does not understand the request"),
    ("BaseError", HealthState.RETRYING, "the venue reports an error"),
    ("NoMarketListError", HealthState.BAD_DATA, "the venue answers with something that is no market list"),
    ("BadDataError", HealthState.BAD_DATA, "an answer that makes no sense"),
    ("UnlistedError", HealthState.GONE, "not listed by the venue"),
    ("SilenceError", HealthState.RETRYING, "the connection went silent"),
    ("TimeoutError", HealthState.RETRYING, "no answer in time"),
    ("ClientError", HealthState.RETRYING, "the connection failed"),
    ("CancelledError", HealthState.RETRYING, "the connection was closed"),
    ("UnicodeError", HealthState.BAD_DATA, "an answer that is not text"),
    ("ValueError", HealthState.BAD_DATA, "an answer with values that are not numbers"),
    ("ArithmeticError", HealthState.BAD_DATA, "an answer with values that are not numbers"),
    ("AttributeError", HealthState.BAD_DATA, "an answer of the wrong shape"),
    ("TypeError", HealthState.BAD_DATA, "an answer of the wrong shape"),
    ("LookupError", HealthState.BAD_DATA, "an answer with missing parts"),
    ("OSError", HealthState.RETRYING, "no connection to the venue"),
)
_QUIET = {"RestrictedLocation", "RequestTimeout", "TimeoutError", "NullResponse", "CancelledError"}
_LATE = {"RequestTimeout", "TimeoutError"}


def explain(error: BaseException) -> Fault:
    """The step of the ladder and the sentence for any exception of a poll or a socket."""
    status = _status(error)
    if status is not None and (fault := _by_status(status, error)) is not None:
        return fault
    names = {kind.__name__ for kind in type(error).__mro__}
    for name, state, sentence in _BY_CLASS:
        if name in names:
            detail = "" if name in _QUIET else clean(str(error), 120)
            late = bool(names & _LATE)
            return Fault(state, f"{sentence} ({detail})" if detail else sentence, late=late)
    return Fault(HealthState.RETRYING, f"an error that nobody foresaw ({clean(type(error).__name__, 60)})")


def _status(error: BaseException) -> int | None:
    """The HTTP status in an exception, in what it wraps, or in its cause."""
    seen: list[object] = [error, error.__cause__, *error.args[:1]]
    for candidate in seen:
        status = getattr(candidate, "status", None)
        if isinstance(status, int) and not isinstance(status, bool):
            return status
    return None


def _by_status(status: int, error: BaseException) -> Fault | None:
    wait = getattr(error, "retry_after_s", None)
    retry_after = wait if isinstance(wait, float) else None
    body = getattr(error, "body", "")
    words = body.lower() if isinstance(body, str) else ""
    busy = status in (418, 429) or (status == 403 and any(word in words for word in _RATE_WORDS))
    if busy:
        return Fault(HealthState.RATE_LIMITED, f"too many requests (HTTP {status}): waiting", retry_after)
    if status in (403, 451):
        return Fault(HealthState.UNREACHABLE, f"unreachable here (HTTP {status}): the venue refuses this location")
    if status >= 500:
        return Fault(HealthState.RETRYING, f"the venue is out of order (HTTP {status})", retry_after)
    return None
