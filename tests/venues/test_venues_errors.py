"""Every exception becomes a step of the ladder and one sentence."""

from __future__ import annotations

import asyncio
import importlib
import json
from decimal import Decimal, InvalidOperation
from typing import Any

import aiohttp
import pytest

from crashdesk.model.records import HealthState
from crashdesk.venues.errors import (
    BadDataError,
    HttpRefusalError,
    SilenceError,
    UnlistedError,
    explain,
    retry_after_seconds,
)
from crashdesk.venues.slim import exchange_class


def ccxt_error(name: str, text: str = "okx {}") -> Exception:
    exchange_class("okx")
    # the whole package binds another thing to the name ccxt.base
    errors = importlib.import_module("ccxt.base.errors")

    found: Exception = getattr(errors, name)(text)
    return found


def invalid_decimal() -> Exception:
    try:
        Decimal("x")
    except InvalidOperation as error:
        return error
    raise AssertionError


CCXT = {
    "RateLimitExceeded": HealthState.RATE_LIMITED,
    "DDoSProtection": HealthState.RATE_LIMITED,
    "RestrictedLocation": HealthState.UNREACHABLE,
    "OnMaintenance": HealthState.RETRYING,
    "RequestTimeout": HealthState.RETRYING,
    "NetworkError": HealthState.RETRYING,
    "ExchangeNotAvailable": HealthState.RETRYING,
    "ExchangeError": HealthState.RETRYING,
    "ExchangeClosedByUser": HealthState.RETRYING,
    "BadSymbol": HealthState.GONE,
    "NotSupported": HealthState.GONE,
    "AuthenticationError": HealthState.GONE,
    "PermissionDenied": HealthState.GONE,
    "ArgumentsRequired": HealthState.GONE,
    "BadResponse": HealthState.BAD_DATA,
    "NullResponse": HealthState.BAD_DATA,
    "BadRequest": HealthState.BAD_DATA,
}


NOW_MS = 1_762_225_964_000
"""2025-11-04 03:12:44 UTC."""


@pytest.mark.parametrize(("name", "state"), CCXT.items())
def test_ccxt_errors(name: str, state: HealthState) -> None:
    assert explain(ccxt_error(name)).state is state


def test_every_error_class_of_ccxt_has_a_step_that_somebody_foresaw() -> None:
    exchange_class("okx")
    # the whole package binds another thing to the name ccxt.base
    errors = importlib.import_module("ccxt.base.errors")

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 30
    for kind in kinds:
        assert "foresaw" not in explain(kind("words")).sentence, kind


FOREIGN: list[tuple[BaseException, HealthState]] = [
    (ValueError("could not convert string to float: 'NaN?'"), HealthState.BAD_DATA),
    (AttributeError("'str' object has no attribute 'get'"), HealthState.BAD_DATA),
    (TypeError("'NoneType' object is not iterable"), HealthState.BAD_DATA),
    (KeyError("symbol"), HealthState.BAD_DATA),
    (IndexError("list index out of range"), HealthState.BAD_DATA),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), HealthState.BAD_DATA),
    (json.JSONDecodeError("Expecting value", "<html>", 0), HealthState.BAD_DATA),
    (invalid_decimal(), HealthState.BAD_DATA),
    (TimeoutError(), HealthState.RETRYING),
    (asyncio.CancelledError(), HealthState.RETRYING),
    (ConnectionResetError(104, "Connection reset by peer"), HealthState.RETRYING),
    (aiohttp.ClientPayloadError("cut off"), HealthState.RETRYING),
    (aiohttp.ServerDisconnectedError(), HealthState.RETRYING),
    (SilenceError("no frame"), HealthState.RETRYING),
    (BadDataError("no usable price in it"), HealthState.BAD_DATA),
    (UnlistedError("x"), HealthState.GONE),
    (RuntimeError("what"), HealthState.RETRYING),
]


@pytest.mark.parametrize(("error", "state"), FOREIGN, ids=[type(error).__name__ for error, _ in FOREIGN])
def test_foreign_errors(error: BaseException, state: HealthState) -> None:
    fault = explain(error)
    assert fault.state is state
    assert fault.sentence
    assert "\n" not in fault.sentence
    assert len(fault.sentence) < 250


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (429, "", HealthState.RATE_LIMITED),
        (418, "", HealthState.RATE_LIMITED),
        (403, "<html>blocked in your country</html>", HealthState.UNREACHABLE),
        (403, "access too frequent", HealthState.RATE_LIMITED),
        (451, '{"code":0,"msg":"restricted location"}', HealthState.UNREACHABLE),
        (502, "", HealthState.RETRYING),
    ],
)
def test_http_statuses(status: int, body: str, state: HealthState) -> None:
    fault = explain(HttpRefusalError(status, body, None))
    assert fault.state is state
    assert str(status) in fault.sentence


def test_the_wait_that_the_venue_asks_for_is_kept() -> None:
    assert explain(HttpRefusalError(429, "", 7.0)).retry_after_s == 7.0
    assert explain(HttpRefusalError(503, "", 3.0)).retry_after_s == 3.0


def test_a_status_is_found_in_what_ccxt_wraps() -> None:
    info: Any = None
    handshake = aiohttp.WSServerHandshakeError(info, (), status=403, message="Forbidden")
    wrapped = ccxt_error("NetworkError")
    wrapped.args = (handshake,)
    assert explain(wrapped).state is HealthState.UNREACHABLE


def test_control_characters_of_a_venue_do_not_get_through() -> None:
    assert "\x1b" not in explain(BadDataError("\x1b[31mred\x07")).sentence


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-1", None),
        ("in a while", None),
        (None, None),
        ("9999999", 3600.0),
        ("nan", None),
    ],
)
def test_retry_after(text: Any, seconds: float | None) -> None:
    assert retry_after_seconds(text, NOW_MS) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Tue, 04 Nov 2025 03:14:14 GMT", 90.0),
        ("Tue, 04 Nov 2025 03:14:14", 90.0),
        ("Tuesday, 04-Nov-25 03:14:14 GMT", 90.0),
        ("Tue, 04 Nov 2025 03:12:00 GMT", 0.0),
        ("Wed, 05 Nov 2025 03:12:44 GMT", 3600.0),
        ("Tue, 99 Nov 2025 03:14:14 GMT", None),
    ],
)
def test_retry_after_as_a_date(text: str, seconds: float | None) -> None:
    assert retry_after_seconds(text, NOW_MS) == seconds
