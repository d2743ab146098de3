"""Checks of single values from users' TOML."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from crashdesk.config.near import did_you_mean
from crashdesk.model.text import clean
from crashdesk.model.times import LAST_MS

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

Check = Callable[[object], T]
"""Gives the value as the type wanted, or raises `BadValueError`."""


class Described(Generic[T]):
    """A check that says what it takes: `kind` of value, and its `limits`, as the reference of settings tells them."""

    def __init__(self, check: Check[T], kind: str, limits: str = "") -> None:
        self._check = check
        self.kind = kind
        self.limits = limits

    def __call__(self, value: object) -> T:
        """The value, or `BadValueError`."""
        return self._check(value)


MAX_TEXT = 500
"""The longest text that any value may have, in characters."""


class BadValueError(ValueError):
    """A value that can't be used: what is wrong with it, and a hint what to do."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


def kind_of(value: object) -> str:
    """What a TOML value is, in words."""
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list"}
    return words.get(type(value), "a table" if isinstance(value, dict) else "a date or time")


def shown(value: object) -> str:
    """A value as a problem quotes it: short, on one line, without control characters."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a number of very many digits"
    return repr(clean(value, 60)) if isinstance(value, str) else clean(str(value), 60)


def text(value: object) -> str:
    """Text of at most `MAX_TEXT` characters, made safe to show on one line."""
    if not isinstance(value, str):
        raise BadValueError(f"must be text, is {kind_of(value)}", "put it in quotes")
    if len(value) > MAX_TEXT:
        raise BadValueError(f"must have at most {MAX_TEXT} characters, has {len(value)}")
    return clean(value, MAX_TEXT)


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadValueError(
            f"must be true or false, is {kind_of(value)}", "without quotes" if isinstance(value, str) else ""
        )
    return value


def whole(low: int, high: int) -> Check[int]:
    """A whole number in [low, high]."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadValueError(f"must be a whole number, is {kind_of(value)}")
        if not low <= value <= high:
            raise BadValueError(f"must be {low} to {high}, is {shown(value)}")
        return value

    return Described(check, "whole number", f"{low:,} to {high:,}")


def number(low: float, high: float) -> Check[float]:
    """A finite number in [low, high]."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValueError(f"must be a number, is {kind_of(value)}")
        if not low <= value <= high:
            raise BadValueError(f"must be {low:g} to {high:g}, is {shown(value)}")
        return float(value)

    return Described(check, "number", f"{low:,.6g} to {high:,.6g}")


time_ms = whole(0, LAST_MS)
"""UTC milliseconds since 1970."""


def member_of(words: type[Word], what: str) -> Check[Word]:
    """A member of an enumeration by its value."""
    known = one_of([member.value for member in words], what)
    return Described(lambda value: words(known(value)), "text", _listed(words))


def one_of(known: Collection[str], what: str) -> Check[str]:
    """One of the known words; `what` names them in the problem (`timeframe`)."""

    def check(value: object) -> str:
        word = text(value)
        if word not in known:
            raise BadValueError(f"unknown {what} {shown(word)}", did_you_mean(word, known))
        return word

    return Described(check, "text", _listed(known))


def list_of(item: Check[T], at_most: int = 10_000) -> Check[tuple[T, ...]]:
    """A list whose every entry passes `item`; the first bad entry spoils it."""

    def check(value: object) -> tuple[T, ...]:
        entries = a_list(value)
        if len(entries) > at_most:
            raise BadValueError(f"must have at most {at_most} entries, has {len(entries)}")
        return tuple(item(entry) for entry in entries)

    limits = f"{item.limits}; " if isinstance(item, Described) and item.limits else ""
    return Described(check, "list", f"{limits}at most {at_most:,}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in dict.fromkeys(words))


def a_list(value: object) -> list[object]:
    """A list of anything."""
    if not isinstance(value, list):
        raise BadValueError(f"must be a list, is {kind_of(value)}", "put it in [ ]")
    return value


def a_table(value: object) -> dict[str, object]:
    """A table of anything."""
    if not isinstance(value, dict):
        raise BadValueError(f"must be a table, is {kind_of(value)}")
    return value
