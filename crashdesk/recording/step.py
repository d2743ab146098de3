"""STEP frames: what changed of quotes since the last KEY, so that a seek need not read all quotes in between.

The payload is one stream of varints behind a varint with the length of its first part, which is a QUOTES payload that
builds upon the KEY: the newest quote of each instrument that was quoted since. Then, for the same instruments: when
each quote came (deltas against recv_ms); high and low since the KEY, and for each minute of recv_ms since then, oldest
first, the last price in it (how many minutes and the distance of the first one to that of recv_ms go before). A price
is 2 + the zigzag distance of its integer to that of `last`; 0 is no price, 1 escapes: mode and zigzag integer follow.

Who plays every frame passes over them: they tell nothing new. So the numbers of a quote are those that the frames
before led to, the modes as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from crashdesk.model.columns import BarSummary, InstrumentKey, MinuteBar
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.numbers import (
    NONE,
    deltas,
    pack_varints,
    scaled,
    shortest,
    take,
    take_deltas,
    take_varint,
    unpack_varints,
    unscaled,
    unzigzag,
    zigzag,
)
from crashdesk.recording.quotes import FIELDS, Cell, Cells
from crashdesk.recording.sound import check_prices

_NOT_SEEN, _ESCAPE, _FIRST = 0, 1, 2
_ASK = 2
_MOST_MINUTES = 60


class Seen(NamedTuple):
    """What was seen of prices since a KEY."""

    bars: Mapping[InstrumentKey, BarSummary]
    minutes: Mapping[InstrumentKey, Sequence[MinuteBar]]


def encode_step(
    recv_ms: int,
    names: Sequence[tuple[str, str]],
    before: Cells,
    now: Cells,
    quotes: Mapping[int, tuple[int, Quote]],
    seen: Seen,
) -> bytes:
    """The payload of a STEP frame at `recv_ms`. `before` are the cells behind the KEY, `now` the present ones."""
    ids = [number for number, key in enumerate(names) if key in seen.bars]
    changes = _changes(recv_ms, ids, before, now)
    last_minute = recv_ms // MINUTE_MS
    first = min((bars[0].minute for bars in seen.minutes.values() if bars), default=last_minute)
    rest = [*deltas((quotes[number][0] for number in ids), recv_ms), last_minute - first + 1]
    for values in ([seen.bars[names[n]].high for n in ids], [seen.bars[names[n]].low for n in ids]):
        for number, price in zip(ids, values, strict=True):
            rest += _pack_price(price, now[number])
    closes = {(key, bar.minute): bar.close for key, bars in seen.minutes.items() for bar in bars}
    for minute in range(first, last_minute + 1):
        for number in ids:
            rest += _pack_price(closes.get((names[number], minute)), now[number])
    return b"".join((pack_varints((len(changes),)), changes, pack_varints(rest)))


def _changes(recv_ms: int, ids: Sequence[int], before: Cells, now: Cells) -> bytes:
    masks = []
    columns: list[list[int]] = [[] for _ in FIELDS]
    for number in ids:
        old, cell, mask, lead = before.get(number) or Cell(), now[number], 0, 0
        for k in range(len(FIELDS)):
            mode, whole = cell.modes[k], cell.wholes[k]
            if cell.values[k] is None:
                if old.values[k] is not None:
                    mask |= 1 << k
                    columns[k] += (0, NONE)
                continue
            step = whole - old.wholes[k]
            same = old.values[k] is not None and old.modes[k] == mode
            if same and not step:
                continue
            mask |= 1 << k
            if not same:
                columns[k] += (0, mode, zigzag(whole))
                continue
            if k == 0:
                lead = step
            elif k <= _ASK and mode == cell.modes[0]:
                step -= lead
            columns[k].append(zigzag(step) + 1)
        masks.append(mask)
    stream = [len(ids), *deltas(ids), *masks, *deltas((now[number].ts_ms for number in ids), recv_ms)]
    for column in columns:
        stream += column
    return pack_varints(stream)


def _pack_price(price: float | None, cell: Cell) -> tuple[int, ...]:
    if price is None:
        return (_NOT_SEEN,)
    whole = scaled(price, cell.modes[0])
    if whole is not None:
        return (_FIRST + zigzag(whole - cell.wholes[0]),)
    mode, whole = shortest(price)
    return _ESCAPE, mode, zigzag(whole)


class Step(NamedTuple):
    """A STEP frame. `changes` is a QUOTES payload; what follows it is read when its quotes are known."""

    recv_ms: int
    changes: bytes
    rest: bytes


def split_step(recv_ms: int, payload: bytes) -> Step:
    """The parts of a payload. Raises ValueError when it is cut off."""
    length, at = take_varint(payload, 0)
    if at + length > len(payload):
        raise ValueError("a step that is cut off")
    return Step(recv_ms, payload[at : at + length], payload[at + length :])


class StepPrices(NamedTuple):
    """Of each instrument in a STEP: when its quote came, high and low; by minute the last prices (None: none)."""

    came: list[int]
    high: list[float]
    low: list[float]
    minutes: dict[int, list[float | None]]


def take_prices(step: Step, last: Sequence[tuple[int, int]]) -> StepPrices:
    """The rest of a STEP; `last` are (mode, integer) of the newest prices of its instruments.

    Raises ValueError or struct.error when it does not hold.
    """
    stream = iter(unpack_varints(step.rest))
    came = take_deltas(stream, len(last), step.recv_ms)
    count = take(stream, 1)[0]
    if count > _MOST_MINUTES:
        raise ValueError("a step over too many minutes")
    high, low = _known(_take_prices(stream, last)), _known(_take_prices(stream, last))
    newest = step.recv_ms // MINUTE_MS
    minutes = {minute: _take_prices(stream, last) for minute in range(newest - count + 1, newest + 1)}
    return StepPrices(came, high, low, minutes)


def _take_prices(stream: Iterator[int], last: Sequence[tuple[int, int]]) -> list[float | None]:
    prices: list[float | None] = []
    for mode, whole in last:
        code = next(stream, -1)
        if code >= _FIRST:
            prices.append(unscaled(mode, whole + unzigzag(code - _FIRST)))
        elif code == _ESCAPE:
            own, number = take(stream, 2)
            prices.append(unscaled(own, unzigzag(number)))
        elif code == _NOT_SEEN:
            prices.append(None)
        else:
            raise ValueError("a column is cut off")
    check_prices(prices)
    return prices


def _known(prices: Sequence[float | None]) -> list[float]:
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        raise ValueError("an instrument without a price")
    return known
