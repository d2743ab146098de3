"""Numbers and columns: every float bit for bit, weird ones too."""

from __future__ import annotations

import contextlib
import struct
from array import array
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crashdesk.model.records import Candle, Liquidation, PerpStats, PriceBasis, Quote, Side
from crashdesk.model.timeframe import Timeframe
from crashdesk.model.times import LAST_MS
from crashdesk.recording.arrays import pack_columns, unpack_columns
from crashdesk.recording.candles import CandleBook, candles_of, decode_columns, encode_candles, encode_columns, in_order
from crashdesk.recording.cells import Cells
from crashdesk.recording.liquidations import decode_liquidations, encode_liquidations
from crashdesk.recording.numbers import (
    BITS,
    MOST_DELTAS,
    float_column,
    from_planes,
    pack_varints,
    planes,
    shortest,
    take_deltas,
    take_float_column,
    unpack_varints,
    unscaled,
    unzigzag,
    zigzag,
)
from crashdesk.recording.quotes import decode_quotes, encode_quotes
from crashdesk.recording.quotes_2 import decode_quotes_2
from crashdesk.recording.steps import MOST_ROWS
from crashdesk.recording.tables import decode_perps, encode_perps
from tests.recording.samples import START

TICKS = st.builds(lambda n, d: n / 10**d, st.integers(-(10**12), 10**12), st.integers(0, 12))
FLOATS = st.one_of(TICKS, st.floats(), st.sampled_from([0.0, -0.0, 5e-324, 1.7976931348623157e308, 1e-8, 2.0**53, 0.1]))
NAMES = [("binance", "BTC/USDT"), ("okx", "ETH/USDT:USDT"), ("htx", "名/USDT")]
NUMBERS = st.integers(0, len(NAMES) - 1)
TIMES = st.integers(0, LAST_MS)
ABOVE_ZERO = st.floats(0, 5e303, exclude_min=True)
PRICES = st.one_of(
    st.builds(lambda n, d: n / 10**d, st.integers(1, 10**12), st.integers(0, 12)),
    ABOVE_ZERO,
    st.sampled_from([5e-324, 5e303, 1e-8, 2.0**53, 0.1]),
)
AMOUNTS = st.one_of(PRICES, st.sampled_from([0.0, -0.0]))
RATES = st.one_of(TICKS, st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -0.0]))


def bits(value: float | None) -> bytes | None:
    return None if value is None else struct.pack("<d", value)


@given(FLOATS)
def test_a_float_comes_back_bit_for_bit(value: float) -> None:
    assert bits(unscaled(*shortest(value))) == bits(value)


def test_prices_take_the_decimals_they_have() -> None:
    assert shortest(106200.5) == (1, 1_062_005)
    assert shortest(100.0) == (0, 100)
    assert shortest(0.00001234) == (8, 1234)
    assert shortest(1e-8) == (8, 1)
    assert shortest(0.1 + 0.2)[0] == BITS
    assert shortest(-0.0)[0] == BITS


@given(st.lists(st.integers(0, 2**80)))
def test_varints(values: list[int]) -> None:
    assert unpack_varints(pack_varints(values)) == values


@given(st.integers(-(2**70), 2**70))
def test_zigzag(value: int) -> None:
    assert unzigzag(zigzag(value)) == value
    assert zigzag(value) >= 0


@pytest.mark.parametrize("data", [b"\x80", b"\xff" * 40 + b"\x01"])
def test_broken_varints(data: bytes) -> None:
    with pytest.raises(ValueError, match="a number"):
        unpack_varints(data)


@given(st.lists(st.one_of(st.none(), FLOATS)))
def test_float_columns(values: list[float | None]) -> None:
    stream = iter(unpack_varints(pack_varints(float_column(values))))
    assert list(map(bits, take_float_column(stream, len(values)))) == list(map(bits, values))


@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.lists(st.floats(allow_nan=False), min_size=0, max_size=600))
def test_planes_and_columns(whole: list[int], real: list[float]) -> None:
    assert from_planes("q", planes(array("q", whole))) == array("q", whole)
    columns = [array("q", whole), array("d", real), array("I", [1, 2]), array("H")]
    assert unpack_columns(pack_columns(columns)) == columns


MAYBE = st.one_of(st.none(), PRICES)
MAYBE_AMOUNT = st.one_of(st.none(), AMOUNTS)
MAYBE_RATE = st.one_of(st.none(), RATES)
QUOTE = st.builds(
    lambda n, *rest: (n, Quote(*NAMES[n], *rest)),
    NUMBERS,
    TIMES,
    PRICES,
    MAYBE,
    MAYBE,
    MAYBE,
    MAYBE,
    MAYBE_AMOUNT,
    MAYBE_RATE,
)


def exact(quote: Quote) -> tuple[object, ...]:
    prices = (quote.last, quote.bid, quote.ask, quote.high_24h, quote.low_24h, quote.volume_24h_usd)
    return quote.venue, quote.symbol, quote.ts_ms, *map(bits, prices), bits(quote.change_24h_pct)


@given(st.lists(st.lists(QUOTE, max_size=8), max_size=6))
def test_quotes_through_many_frames(frames: list[list[tuple[int, Quote]]]) -> None:
    ours = Cells()
    theirs = Cells()
    newest: dict[int, tuple[object, ...]] = {}
    for rows in frames:
        payload, fresh, kept = encode_quotes(ours, START, rows)
        ours.update(fresh)
        want = []
        for number, quote in rows:
            if newest.get(number) != exact(quote):
                want.append((number, exact(quote)))
                newest[number] = exact(quote)
        assert [exact(quote) for quote in kept] == [quote for _, quote in want]
        assert [(n, exact(quote)) for n, quote in decode_quotes(theirs, START, payload, NAMES)] == want


def test_a_column_without_end_is_refused_before_it_is_read() -> None:
    endless = repeat(1)
    with pytest.raises(ValueError, match="too many numbers"):
        take_deltas(endless, MOST_DELTAS + 1)


def test_older_quotes_without_end_are_refused_before_they_are_read() -> None:
    payload = pack_varints([MOST_ROWS + 1]) + bytes(1 << 20)
    with pytest.raises(ValueError, match="too many quotes"):
        decode_quotes_2(Cells(), START, payload, [("okx", "BTC/USDT")])


@given(st.lists(QUOTE, min_size=1, max_size=6), st.data())
def test_a_spoilt_quotes_payload_raises_no_surprise(rows: list[tuple[int, Quote]], data: st.DataObject) -> None:
    payload = bytearray(encode_quotes(Cells(), START, rows)[0])
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValueError, IndexError, OverflowError, struct.error):
        decode_quotes(Cells(), START, bytes(payload), NAMES)


LIQUIDATION = st.builds(
    lambda n, *rest: (n, Liquidation(*NAMES[n], *rest)),
    NUMBERS,
    TIMES,
    st.sampled_from(Side),
    PRICES,
    AMOUNTS,
    st.integers(0, 2**53),
    st.sampled_from(PriceBasis),
    st.text(st.characters(), max_size=20),
)


@given(st.lists(LIQUIDATION, max_size=10))
def test_liquidations(rows: list[tuple[int, Liquidation]]) -> None:
    assert decode_liquidations(START, encode_liquidations(START, rows), NAMES) == [row for _, row in rows]


@given(st.lists(st.tuples(NUMBERS, TIMES, MAYBE_RATE, MAYBE_AMOUNT), max_size=10))
def test_perps(rows: list[tuple[int, int, float | None, float | None]]) -> None:
    perps = [(n, PerpStats(*NAMES[n], *rest)) for n, *rest in rows]  # type: ignore[arg-type]
    back = decode_perps(START, encode_perps(START, perps), NAMES)
    for found, (_, want) in zip(back, perps, strict=True):
        assert (found.venue, found.symbol, found.ts_ms) == (want.venue, want.symbol, want.ts_ms)
        assert bits(found.funding_rate) == bits(want.funding_rate)
        assert bits(found.open_interest_usd) == bits(want.open_interest_usd)


CANDLE = st.builds(
    lambda n, frame, k, a, b, c, d, e, closed: (n, Candle(*NAMES[n], frame, k * frame.ms, a, b, c, d, e, closed)),
    NUMBERS,
    st.sampled_from([Timeframe.M1, Timeframe.D1]),
    st.integers(0, 30),
    ABOVE_ZERO,
    ABOVE_ZERO,
    ABOVE_ZERO,
    ABOVE_ZERO,
    ABOVE_ZERO,
    st.booleans(),
)


@given(st.lists(st.lists(CANDLE, max_size=12), max_size=5))
def test_candles_and_their_latest_revisions(frames: list[list[tuple[int, Candle]]]) -> None:
    book = CandleBook()
    truth: dict[tuple[str, str, Timeframe], dict[int, Candle]] = {}
    for rows in frames:
        runs = decode_columns(encode_candles(rows), NAMES)
        assert list(candles_of(runs)) == [row for _, row in rows]
        book.add(in_order(runs))
        for _, row in rows:
            truth.setdefault((row.venue, row.symbol, row.timeframe), {})[row.open_ms] = row
    want = [row for series in truth.values() for _, row in sorted(series.items())]
    assert list(candles_of(book.columns())) == want
    parts = [(NAMES.index((run.venue, run.symbol)), run) for run in book.columns()]
    assert list(candles_of(decode_columns(encode_columns(parts), NAMES))) == want
