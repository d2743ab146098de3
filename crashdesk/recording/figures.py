"""The figures of liquidations in columns, in two layouts; which one a frame has, its payload says.

**Narrow**, for a handful of rows: 12 bytes a row, as they are, so that the rows of many small frames are read as one.
A row is `word` (u16: the instrument's id x 8 + price basis x 2 + side, 1 is short), `lag` (u16: 4096 + recv_ms -
ts_ms), price (u32: the integer x 16 + up to 14 decimals), amount (u32: likewise with up to 13 decimals; 14 says that it
is the integer x 1000; 15, for contracts counted in dollars, that the integer is dollars x 3 + 1 + steps, see below).
Rows that do not fit make the frame wide.

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
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from operator import add, mul, sub, truediv
from typing import NamedTuple

from crashdesk.model.money import MICRO
from crashdesk.model.records import Liquidation, PriceBasis, Side
from crashdesk.recording.numbers import (
    BITS,
    MAX_SCALE,
    POWERS,
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
_THOUSANDS, _DOLLARS = 14, 15
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
        if word >= _U16 or not 0 <= lag < _U16 or decimals >= _DOLLARS or not 0 <= whole < _U28:
            return None
        size = _narrow_amount(price, amount, usd)
        if size is None:
            return None
        rows.append(NARROW.pack(word, lag, whole << 4 | decimals, size))
    return b"".join(rows)


def _narrow_amount(price: float, amount: float, usd: int) -> int | None:
    decimals, whole = shortest(amount)
    if decimals < _THOUSANDS and usd == round(price * amount * MICRO):
        if 0 <= whole < _U28:
            return whole << 4 | decimals
        if not decimals and not whole % 1000 and 0 <= whole < 1000 * _U28:
            return whole // 1000 << 4 | _THOUSANDS
    dollars, rest = divmod(usd, MICRO)
    steps = _steps_by_usd(usd, price, amount)
    if rest or steps is None or abs(steps) > 1 or not 0 <= dollars * 3 + 2 < _U28:
        return None
    return (dollars * 3 + 1 + steps) << 4 | _DOLLARS


def take_narrow(parts: Iterable[tuple[int, bytes]]) -> Figures:
    """The rows of frames, each (recv_ms, rows in the narrow layout). Raises ValueError or struct.error."""
    kept = [(recv_ms, data) for recv_ms, data in parts if data]
    if not kept:
        return Figures([], [], [], [], [])
    words, lags, prices, sizes = zip(*NARROW.iter_unpack(b"".join(data for _, data in kept)), strict=True)
    bases = chain.from_iterable(repeat(recv_ms + _EARLY_MS, len(data) // NARROW.size) for recv_ms, data in kept)
    times = list(map(sub, bases, lags))
    powers = (*POWERS[:_DOLLARS], math.nan)
    price = array("d", [(code >> 4) / powers[code & 15] for code in prices])
    check_prices(price)
    powers = (*POWERS[:_THOUSANDS], math.nan, math.nan)
    amount = array("d", [(code >> 4) / powers[code & 15] for code in sizes])
    special = [] if sum(amount) < math.inf else [k for k, size in enumerate(amount) if size != size]
    for k in special:
        amount[k] = _special_amount(sizes[k], price[k])
    usd = list(map(round, map(mul, map(mul, price, amount), repeat(MICRO))))
    for k in special:
        if sizes[k] & 15 == _DOLLARS:
            usd[k] = (sizes[k] >> 4) // 3 * MICRO
    return Figures(words, times, price, amount, usd)


def _special_amount(code: int, price: float) -> float:
    whole = code >> 4
    if code & 15 == _THOUSANDS:
        return whole * 1000.0
    dollars, steps = divmod(whole, 3)
    return _amount_by_usd(dollars * MICRO, price, steps - 1)


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
    if mode and whole >= _LONG_INTEGER:
        steps = _steps_by_usd(usd, price, amount)
        if steps is not None:
            return BY_USD, zigzag(steps), usd
    return mode, whole, zigzag(usd - expected_usd(price, amount))


def take_wide(recv_ms: int, plain: bytes, count: int) -> Figures:
    """The reverse of `pack_wide` for `count` rows. Raises ValueError, OverflowError or struct.error."""
    words, steps, modes, wholes, kinds, sizes, money = take_uint_columns(plain, count, _WIDE_COLUMNS)
    times = take_deltas(iter(steps), count, recv_ms)
    price = _floats(modes, wholes)
    check_prices(price)
    by_usd = [k for k, kind in enumerate(kinds) if kind == BY_USD] if BY_USD in kinds else []
    for k in by_usd:
        kinds[k] = 0
    amount = _floats(kinds, sizes)
    for k in by_usd:
        amount[k] = _amount_by_usd(money[k], price[k], unzigzag(sizes[k]))
    usd = _expected_usd(price, amount)
    if any(money):
        usd = list(map(add, usd, map(unzigzag, money)))
    for k in by_usd:
        usd[k] = money[k]
    return Figures(words, times, price, amount, usd)


def _expected_usd(price: Sequence[float], amount: Sequence[float]) -> list[int]:
    products = list(map(mul, map(mul, price, amount), repeat(MICRO)))
    if max(products, default=0.0) < 1 << 62:
        return list(map(round, products))
    return [expected_usd(*pair) for pair in zip(price, amount, strict=True)]


def _floats(modes: Sequence[int], wholes: Sequence[int]) -> array[float]:
    if max(modes, default=0) <= MAX_SCALE:
        return array("d", map(truediv, wholes, map(POWERS.__getitem__, modes)))
    return array("d", map(_float, modes, wholes))


def _float(mode: int, whole: int) -> float:
    return unscaled(mode, whole) if mode != BITS else float(_DOUBLE.unpack(_BITS.pack(whole))[0])
