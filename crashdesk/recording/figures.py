"""The figures of liquidations in columns, in two layouts; which one a frame has, its payload says.

**Narrow**, for a handful of rows: 12 bytes a row, as they are, so that the rows of many small frames are read as one.
A row is `word` (u16: the instrument's id x 8 + price basis x 2 + side, 1 is short), `lag` (u16: 4096 + recv_ms -
ts_ms), price (u32: the integer x 16 + decimals), amount (u32: likewise with up to 14 decimals; or, for contracts that
are counted in dollars, 15 + 16 x (dollars x 3 + 1 + steps), see below). Rows that do not fit make the frame wide.

**Wide**: seven columns of unsigned integers (see `numbers.uint_columns`): words; zigzag steps of ts_ms (the first
against recv_ms); decimals and integers of the prices; decimals and integers of the amounts; money. A number that does
not come back from few decimals has `BITS` and its own 64 bits for an integer.

Money is the zigzag distance in micro-dollars to price x amount, which is 0 for most. With `BY_USD` for decimals of an
amount, money is the micro-dollars themselves, and the amount is dollars / price, moved by as many steps between
neighbouring floats as the integer says (zigzag).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from crashdesk.model.money import MICRO
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.recording.numbers import (
    BITS,
    deltas,
    shortest,
    take_deltas,
    take_uint_columns,
    uint_columns,
    unscaled,
    unzigzag,
    zigzag,
)
from crashdesk.recording.sound import check_amounts, check_prices, check_times, check_usd

SIDES = (Side.LONG, Side.SHORT)
BASES = (PriceBasis.FILL, PriceBasis.BANKRUPTCY, PriceBasis.ORDER)
BY_USD = 29
NARROW = struct.Struct("<HHII")
_EARLY_MS = 4096
_WIDE_COLUMNS = 7
_U16, _U28 = 1 << 16, 1 << 28
_NARROW_BY_USD = 15
_POWERS = tuple(float(10**decimals) for decimals in range(_NARROW_BY_USD))
_LONG = struct.Struct("<q")
_BITS = struct.Struct("<Q")
_DOUBLE = struct.Struct("<d")
_FEW_STEPS = 64
_LONG_INTEGER = 1 << 32


class Figures(NamedTuple):
    """Columns of equal length, in the order of arrival. A word is instrument, price basis and side."""

    words: Sequence[int]
    ts_ms: Sequence[int]
    price: Sequence[float]
    amount: Sequence[float]
    usd_micro: Sequence[int]


def word_of(number: int, row: Liquidation) -> int:
    """Instrument's id, basis and side in one integer."""
    return number << 3 | BASES.index(row.basis) << 1 | (row.side is Side.SHORT)


def figures_of(rows: Sequence[tuple[int, Liquidation]]) -> Figures:
    """The columns of rows with their instruments' ids."""
    return Figures(
        [word_of(number, row) for number, row in rows],
        [row.ts_ms for _, row in rows],
        [row.price for _, row in rows],
        [row.amount for _, row in rows],
        [row.usd_micro for _, row in rows],
    )


def join_figures(parts: Sequence[Figures]) -> Figures:
    """The rows of several parts, part after part."""
    if len(parts) == 1:
        return parts[0]
    words, times, price, amount, usd = (list(chain.from_iterable(columns)) for columns in zip(*parts, strict=True))
    return Figures(words, times, price, amount, usd)


def check_figures(figures: Figures, instruments: int) -> Figures:
    """The same figures. Raises ValueError when one is none, or of an instrument that is not among so many."""
    check_times(figures.ts_ms)
    check_prices(figures.price)
    check_amounts(figures.amount)
    check_usd(figures.usd_micro)
    if figures.words and not max(figures.words) < instruments << 3:
        raise ValueError("a liquidation of an unknown instrument")
    if any(word & 6 == 6 for word in set(figures.words)):
        raise ValueError("a price of no known basis")
    return figures


def expected_usd(price: float, amount: float) -> int:
    """price x amount in micro-dollars, 0 when that is beyond all reason."""
    product = price * amount * MICRO
    return round(product) if math.isfinite(product) and abs(product) < 1 << 62 else 0


def _steps_by_usd(usd_micro: int, price: float, amount: float) -> int | None:
    """Floats between dollars / price and `amount`; None when they are not near."""
    near = usd_micro / MICRO / price if price else 0.0
    steps = int(_LONG.unpack(_DOUBLE.pack(amount))[0]) - int(_LONG.unpack(_DOUBLE.pack(near))[0])
    return steps if -_FEW_STEPS < steps < _FEW_STEPS else None


def _amount_by_usd(usd_micro: int, price: float, steps: int) -> float:
    near = usd_micro / MICRO / price if price else 0.0
    return float(_DOUBLE.unpack(_LONG.pack(int(_LONG.unpack(_DOUBLE.pack(near))[0]) + steps))[0])


def pack_narrow(recv_ms: int, figures: Figures) -> bytes | None:
    """The narrow layout; None when a row does not fit it."""
    rows = []
    for word, ts_ms, price, amount, usd in zip(*figures, strict=True):
        lag = _EARLY_MS + recv_ms - ts_ms
        decimals, whole = shortest(price)
        if word >= _U16 or not 0 <= lag < _U16 or decimals >= _NARROW_BY_USD or not 0 <= whole < _U28:
            return None
        size = _narrow_amount(price, amount, usd)
        if size is None:
            return None
        rows.append(NARROW.pack(word, lag, whole << 4 | decimals, size))
    return b"".join(rows)


def _narrow_amount(price: float, amount: float, usd: int) -> int | None:
    decimals, whole = shortest(amount)
    if decimals < _NARROW_BY_USD and 0 <= whole < _U28 and usd == round(price * amount * MICRO):
        return whole << 4 | decimals
    dollars, rest = divmod(usd, MICRO)
    steps = _steps_by_usd(usd, price, amount)
    if rest or steps is None or abs(steps) > 1 or not 0 <= dollars * 3 + 2 < _U28:
        return None
    return (dollars * 3 + 1 + steps) << 4 | _NARROW_BY_USD


def take_narrow(parts: Iterable[tuple[int, bytes]]) -> Figures:
    """The rows of frames, each (recv_ms, rows in the narrow layout). Raises ValueError or struct.error."""
    kept = [(recv_ms, data) for recv_ms, data in parts if data]
    if not kept:
        return Figures([], [], [], [], [])
    words, lags, prices, sizes = zip(*NARROW.iter_unpack(b"".join(data for _, data in kept)), strict=True)
    bases = [recv_ms + _EARLY_MS for recv_ms, data in kept for _ in range(len(data) // NARROW.size)]
    powers = (*_POWERS, math.nan)
    price = [(code >> 4) / powers[code & 15] for code in prices]
    if any(code & 15 == _NARROW_BY_USD for code in sizes):
        pairs = [_take_size(code, cost) for code, cost in zip(sizes, price, strict=True)]
        amount, usd = [amount for amount, _ in pairs], [usd for _, usd in pairs]
    else:
        amount = [(code >> 4) / powers[code & 15] for code in sizes]
        usd = [round(cost * size * MICRO) if cost == cost else 0 for cost, size in zip(price, amount, strict=True)]
    return Figures(words, [base - lag for base, lag in zip(bases, lags, strict=True)], price, amount, usd)


def _take_size(code: int, price: float) -> tuple[float, int]:
    """(amount, micro-dollars)."""
    whole, decimals = code >> 4, code & 15
    if decimals < _NARROW_BY_USD:
        amount = whole / _POWERS[decimals]
        return amount, round(price * amount * MICRO) if price == price else 0
    dollars, steps = divmod(whole, 3)
    return _amount_by_usd(dollars * MICRO, price, steps - 1), dollars * MICRO


def pack_wide(recv_ms: int, figures: Figures) -> bytes:
    """The wide layout. Raises OverflowError when a number does not fit 64 bits."""
    prices = [_unsigned(price) for price in figures.price]
    sizes = [_size(*row) for row in zip(figures.price, figures.amount, figures.usd_micro, strict=True)]
    return uint_columns(
        (
            figures.words,
            list(deltas(figures.ts_ms, recv_ms)),
            [mode for mode, _ in prices],
            [whole for _, whole in prices],
            [mode for mode, _, _ in sizes],
            [whole for _, whole, _ in sizes],
            [money for _, _, money in sizes],
        )
    )


def _unsigned(value: float) -> tuple[int, int]:
    mode, whole = shortest(value)
    return (mode, whole) if mode != BITS and whole >= 0 else (BITS, int(_BITS.unpack(_DOUBLE.pack(value))[0]))


def _size(price: float, amount: float, usd: int) -> tuple[int, int, int]:
    """(decimals, integer, money) of an amount."""
    mode, whole = _unsigned(amount)
    if whole >= _LONG_INTEGER:
        steps = _steps_by_usd(usd, price, amount)
        if steps is not None:
            return BY_USD, zigzag(steps), usd
    return mode, whole, zigzag(usd - expected_usd(price, amount))


def take_wide(recv_ms: int, plain: bytes, count: int) -> Figures:
    """The reverse of `pack_wide` for `count` rows. Raises ValueError, OverflowError or struct.error."""
    words, steps, modes, wholes, kinds, sizes, money = take_uint_columns(plain, count, _WIDE_COLUMNS)
    price = [_float(mode, whole) for mode, whole in zip(modes, wholes, strict=True)]
    check_prices(price)
    amount: list[float] = []
    usd: list[int] = []
    for cost, mode, whole, sum_ in zip(price, kinds, sizes, money, strict=True):
        if mode == BY_USD:
            usd.append(sum_)
            amount.append(_amount_by_usd(sum_, cost, unzigzag(whole)))
        else:
            size = _float(mode, whole)
            amount.append(size)
            usd.append(expected_usd(cost, size) + unzigzag(sum_))
    return Figures(words, take_deltas(iter(steps), count, recv_ms), price, amount, usd)


def _float(mode: int, whole: int) -> float:
    return unscaled(mode, whole) if mode != BITS else float(_DOUBLE.unpack(_BITS.pack(whole))[0])
