"""PERPS frames, and LIQUIDATIONS frames as version 1 had them: columns of varints, each frame readable by itself.

PERPS: count, ids, ts_ms, funding rates, open interest.
LIQUIDATIONS of version 1: a varint with the length of the figures, the figures (varints: count, ids, ts_ms, words,
prices, amounts, USD), then the raw payloads as UTF-8, one behind the other; their lengths are among the figures. A word
is side (bit 0: short) and price basis (from bit 1). USD is the distance in micro-dollars to price x amount.
"""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import Liquidation, PerpStats
from crashdesk.recording.figures import BASES, SIDES, Figures, check_figures, expected_usd
from crashdesk.recording.numbers import (
    deltas,
    float_column,
    pack_varints,
    take,
    take_deltas,
    take_float_column,
    take_varint,
    unpack_varints,
    unzigzag,
)
from crashdesk.recording.sound import check_amounts, check_prices, check_rates, check_times

_WORDS = len(BASES) * len(SIDES)
Names = Sequence[tuple[str, str]]


def figures_1(recv_ms: int, payload: bytes) -> tuple[Figures, list[int], int]:
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


def decode_liquidations_1(recv_ms: int, payload: bytes, names: Names) -> list[Liquidation]:
    """The rows of version 1. Raises ValueError, IndexError, OverflowError or struct.error when it does not hold."""
    figures, sizes, end = figures_1(recv_ms, payload)
    check_figures(figures, len(names))
    rows = []
    for word, ts_ms, price, amount, usd, size in zip(*figures, sizes, strict=True):
        start, end = end, end + size
        raw = payload[start:end].decode("utf-8", "surrogatepass")
        venue, symbol = names[word >> 3]
        rows.append(Liquidation(venue, symbol, ts_ms, SIDES[word & 1], price, amount, usd, BASES[word >> 1 & 3], raw))
    if end > len(payload):
        raise ValueError("the raw payloads are cut off")
    return rows


def check_liquidations(times: Sequence[int], prices: Sequence[float | None], amounts: Sequence[float | None]) -> None:
    """Numbers that can be reckoned with. Raises ValueError."""
    check_times(times)
    check_prices(prices)
    check_amounts(amounts)


def encode_perps(recv_ms: int, rows: Sequence[tuple[int, PerpStats]]) -> bytes:
    """Funding rates and open interest with their instruments' ids."""
    return pack_varints(
        [
            len(rows),
            *deltas(number for number, _ in rows),
            *deltas((row.ts_ms for _, row in rows), recv_ms),
            *float_column([row.funding_rate for _, row in rows]),
            *float_column([row.open_interest_usd for _, row in rows]),
        ]
    )


def decode_perps(recv_ms: int, payload: bytes, names: Names) -> list[PerpStats]:
    """The reverse. Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold."""
    stream = iter(unpack_varints(payload))
    count = take(stream, 1)[0]
    ids = take_deltas(stream, count)
    if ids and min(ids) < 0:
        raise ValueError("a negative instrument")
    times = take_deltas(stream, count, recv_ms)
    rates, interest = take_float_column(stream, count), take_float_column(stream, count)
    check_perps(times, rates, interest)
    columns = zip((names[number] for number in ids), times, rates, interest, strict=True)
    return [PerpStats(venue, symbol, ts_ms, rate, usd) for (venue, symbol), ts_ms, rate, usd in columns]


def check_perps(times: Sequence[int], rates: Sequence[float | None], interest: Sequence[float | None]) -> None:
    """Numbers that can be reckoned with. Raises ValueError."""
    check_times(times)
    check_rates(rates)
    check_amounts(interest)
