"""What version 2 changed: LIQUIDATIONS and ROLLUP payloads of version 1, read as what version 2 makes of them.

LIQUIDATIONS of version 1: a varint with the length of the figures, the figures (varints: count, ids, ts_ms, words,
prices, amounts, USD), then the raw payloads as UTF-8, one behind the other; their lengths are among the figures. A word
is side (bit 0: short) and price basis (from bit 1). USD is the distance in micro-dollars to price x amount.

ROLLUPs of version 1 have three sections: no sums by size, the rows always in columns of their own, no details.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

from crashdesk.model.columns import LiquidationColumns
from crashdesk.model.records import Liquidation
from crashdesk.recording.arrays import typecodes, unpack_columns
from crashdesk.recording.figures import BASES, SIDES, Figures, check_figures, expected_usd
from crashdesk.recording.numbers import take, take_deltas, take_float_column, take_varint, unpack_varints, unzigzag
from crashdesk.recording.sections import liq_keys
from crashdesk.recording.sound import check_amounts, check_prices, check_sums, check_times

ROLLUP_SECTIONS = 3
SUMMARY_CODES = "qdIqIqqqIIddd"
_WORDS = len(BASES) * len(SIDES)
Names = Sequence[tuple[str, str]]


def figures(recv_ms: int, payload: bytes) -> tuple[Figures, list[int], int]:
    """(unchecked figures, the lengths of the raw payloads, where these begin) of a LIQUIDATIONS frame of version 1.

    Raises ValueError, OverflowError or struct.error when the payload does not hold.
    """
    length, at = take_varint(payload, 0)
    stream = iter(unpack_varints(payload[at : at + length]))
    count = take(stream, 1)[0]
    ids = take_deltas(stream, count)
    times = take_deltas(stream, count, recv_ms)
    sides = take(stream, count)
    prices = [price for price in take_float_column(stream, count) if price is not None]
    amounts = [amount for amount in take_float_column(stream, count) if amount is not None]
    if (
        len(prices) != count
        or len(amounts) != count
        or any(side >= _WORDS for side in sides)
        or min(ids, default=0) < 0
    ):
        raise ValueError("a liquidation without price, amount, side or instrument")
    errors = map(unzigzag, take(stream, count))
    usd = [expected_usd(*pair) + error for *pair, error in zip(prices, amounts, errors, strict=True)]
    words = [number << 3 | side for number, side in zip(ids, sides, strict=True)]
    return Figures(words, times, prices, amounts, usd), take(stream, count), at + length


def liquidations(recv_ms: int, payload: bytes, names: Names) -> list[Liquidation]:
    """The rows of version 1. Raises ValueError, IndexError, OverflowError or struct.error when it does not hold."""
    found, sizes, end = figures(recv_ms, payload)
    check_figures(found, len(names))
    made = []
    for word, ts_ms, price, amount, usd, size in zip(*found, sizes, strict=True):
        start, end = end, end + size
        raw = payload[start:end].decode("utf-8", "surrogatepass")
        venue, symbol = names[word >> 3]
        made.append(Liquidation(venue, symbol, ts_ms, SIDES[word & 1], price, amount, usd, BASES[word >> 1 & 3], raw))
    if end > len(payload):
        raise ValueError("the raw payloads are cut off")
    return made


def rows(section: bytes, names: Names) -> LiquidationColumns:
    """The rows in a roll-up of version 1. Raises ValueError, IndexError or struct.error when it does not hold."""
    columns = unpack_columns(section)
    if typecodes(columns) != "IqqddH" or len(set(map(len, columns[1:]))) != 1:
        raise ValueError("not the details of liquidations")
    pairs, steps, usd, price, amount, key = columns
    if key and max(key) >= len(pairs):
        raise ValueError("details of an unknown instrument")
    times = array("q", accumulate(steps))
    check_times(times)
    check_sums(usd)
    check_prices(price)
    check_amounts(amount)
    keys = liq_keys(names)
    return LiquidationColumns(tuple(keys[pair] for pair in pairs), times, usd, price, amount, key)
