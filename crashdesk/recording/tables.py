"""PERPS frames: varints, each frame readable by itself: count, ids, ts_ms, funding rates, open interest."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.model.records import PerpStats
from crashdesk.recording.numbers import (
    deltas,
    float_column,
    pack_varints,
    take,
    take_deltas,
    take_float_column,
    unpack_varints,
)
from crashdesk.recording.sound import check_amounts, check_prices, check_rates, check_times

Names = Sequence[tuple[str, str]]


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
