"""Cells of foreign tables: times, figures, sides and symbols as others write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from sys import intern

from crashdesk.cli.importing.wrong_rows import RowError
from crashdesk.model.records import Side
from crashdesk.model.text import clean
from crashdesk.model.times import LAST_MS, parse_time

_UNITS = ((10**11, Decimal(1000)), (10**14, Decimal(1)), (10**17, Decimal("0.001")), (10**20, Decimal("0.000001")))
"""A number below the first is a time in seconds, then milli-, micro-, nanoseconds: each means years after 2001."""
_FIRST = 10**9
_NATIVE_QUOTES = ("USDT", "USDC")


def time_of(cell: object) -> int:
    """UTC ms of a number since 1970 (s, ms, µs or ns by its size) or an ISO date or time (UTC without an offset).

    Raises RowError.
    """
    if isinstance(cell, datetime):
        aware = cell if cell.tzinfo else cell.replace(tzinfo=UTC)
        return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    number = _decimal(cell)
    if number is not None:
        for bound, to_ms in _UNITS:
            if _FIRST <= number < bound and number * to_ms <= LAST_MS:
                return int(number * to_ms)
    elif isinstance(cell, str) and cell.strip()[:4].isdecimal():
        try:
            return parse_time(cell, 0)
        except ValueError:
            pass  # said below
    raise RowError("bad time", f"not a time: {_shown(cell)}")


def figure(cell: object, what: str, *, zero: bool = False) -> Decimal:
    """A finite figure above 0 (or 0, with `zero`). Raises RowError."""
    number = _decimal(cell)
    if number is None or not (number > 0 or (zero and number == 0)) or not 0 <= float(number) < float("inf"):
        raise RowError(f"bad {what}", f"not a {what}: {_shown(cell)}")
    if number and not float(number):
        raise RowError(f"bad {what}", f"a {what} that is too small: {_shown(cell)}")
    return number


def side_of(cell: object, buy_is: Side | None) -> Side:
    """The side of the position: `long`, `short`, or what `buy` and `sell` stand for. Raises RowError."""
    word = cell.strip().lower() if isinstance(cell, str) else ""
    if word in (Side.LONG, Side.SHORT):
        return Side(word)
    if word in ("buy", "sell"):
        if buy_is is None:
            raise RowError("bad side", f"{_shown(cell)} says no position: say what a buy liquidated by --buy-is")
        return buy_is if (word == "buy") else Side.LONG if buy_is is Side.SHORT else Side.SHORT
    raise RowError("bad side", f"not a side: {_shown(cell)} (long, short, buy or sell)")


def symbol_of(cell: object, *, perpetual: bool) -> str:
    """`BTC/USDT:USDT` as it is; BTCUSDT as the market that is meant. Raises RowError."""
    word = clean(cell, 100).strip() if isinstance(cell, str) else ""
    base, slash, rest = word.partition("/")
    if not slash and word.upper() == word:
        quote = next((name for name in _NATIVE_QUOTES if word.endswith(name) and len(word) > len(name)), None)
        if quote is not None:
            base, rest = word.removesuffix(quote), f"{quote}:{quote}" if perpetual else quote
    if not base or not rest or rest.startswith(":") or rest.endswith(":"):
        raise RowError("bad symbol", f"not a symbol: {_shown(cell)} (BTC/USDT or BTC/USDT:USDT)")
    return intern(f"{base}/{rest}")  # one text for all rows of a market


def venue_of(cell: object) -> str:
    """A venue by its name. Raises RowError."""
    word = clean(cell, 100).strip().lower() if isinstance(cell, str) else ""
    if not word:
        raise RowError("bad venue", f"not a venue: {_shown(cell)}")
    return intern(word)


def decimals_of(price: Decimal) -> int:
    """Decimals that a price is written with."""
    exponent = price.as_tuple().exponent
    return min(12, max(0, -exponent)) if isinstance(exponent, int) else 0


def _decimal(cell: object) -> Decimal | None:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(cell).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < 300 else None


def _shown(cell: object) -> str:
    return "nothing" if cell is None or cell == "" else repr(clean(str(cell), 40))
