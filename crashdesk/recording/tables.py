"""LIQUIDATIONS and PERPS frames: columns of varints, each frame readable by itself (but for the names).

LIQUIDATIONS: a varint with the length of the figures, the figures (varints: count, ids, ts_ms, words, prices, amounts,
USD), then the raw payloads as UTF-8, one behind the other; their lengths are among the figures. A word is side (bit 0:
short) and price basis (from bit 1). USD is the distance in micro-dollars to price x amount, which is 0 for most.
PERPS: count, ids, ts_ms, funding rates, open interest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from crashdesk.model.money import MICRO
from crashdesk.model.records import Liquidation, PerpStats, PriceBasis, Side
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
    zigzag,
)
from crashdesk.recording.sound import check_amounts, check_prices, check_rates, check_times, check_usd

_SIDES = (Side.LONG, Side.SHORT)
_BASES = (PriceBasis.FILL, PriceBasis.BANKRUPTCY, PriceBasis.ORDER)
_WORDS = tuple((side, basis) for basis in _BASES for side in _SIDES)
_WORD_OF = {word: number for number, word in enumerate(_WORDS)}
Names = Sequence[tuple[str, str]]


def encode_liquidations(recv_ms: int, rows: Sequence[tuple[int, Liquidation]]) -> bytes:
    """Liquidations with their instruments' ids."""
    raws = [row.raw.encode("utf-8", "surrogatepass") for _, row in rows]
    figures = pack_varints(
        [
            len(rows),
            *deltas(number for number, _ in rows),
            *deltas((row.ts_ms for _, row in rows), recv_ms),
            *(_WORD_OF[row.side, row.basis] for _, row in rows),
            *float_column([row.price for _, row in rows]),
            *float_column([row.amount for _, row in rows]),
            *(zigzag(row.usd_micro - _expected(row.price, row.amount)) for _, row in rows),
            *(len(raw) for raw in raws),
        ]
    )
    return b"".join((pack_varints((len(figures),)), figures, *raws))


def decode_liquidations(recv_ms: int, payload: bytes, names: Names) -> list[Liquidation]:
    """The reverse. Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold."""
    length, at = take_varint(payload, 0)
    stream = iter(unpack_varints(payload[at : at + length]))
    count = take(stream, 1)[0]
    ids = take_deltas(stream, count)
    times = take_deltas(stream, count, recv_ms)
    words = [_WORDS[word] for word in take(stream, count)]
    prices = take_float_column(stream, count)
    amounts = take_float_column(stream, count)
    errors = map(unzigzag, take(stream, count))
    check_liquidations(times, prices, amounts)
    end = at + length
    rows = []
    columns = zip(ids, times, words, prices, amounts, errors, take(stream, count), strict=True)
    for number, ts_ms, (side, basis), price, amount, error, size in columns:
        if price is None or amount is None or not 0 <= number < len(names):
            raise ValueError("a liquidation without price, amount or instrument")
        start, end = end, end + size
        raw = payload[start:end].decode("utf-8", "surrogatepass")
        venue, symbol = names[number]
        usd = _expected(price, amount) + error
        rows.append(Liquidation(venue, symbol, ts_ms, side, price, amount, usd, basis, raw))
    if end > len(payload):
        raise ValueError("the raw payloads are cut off")
    check_usd([row.usd_micro for row in rows])
    return rows


def check_liquidations(times: Sequence[int], prices: Sequence[float | None], amounts: Sequence[float | None]) -> None:
    """Numbers that can be reckoned with. Raises ValueError."""
    check_times(times)
    check_prices(prices)
    check_amounts(amounts)


def _expected(price: float, amount: float) -> int:
    product = price * amount * MICRO
    return round(product) if math.isfinite(product) and abs(product) < 1 << 62 else 0


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
