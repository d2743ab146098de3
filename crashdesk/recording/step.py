"""STEP frames: what changed of quotes since the last KEY, so that a seek need not read all quotes in between.

The payload is a varint with the length of its first part, then that part, a QUOTES payload that builds upon the KEY:
the newest quote of each instrument that was quoted since. Then, for the same instruments, columns as in `steps`: how
long before recv_ms each quote came; high and low since the KEY, and for each minute of recv_ms since then, oldest
first, the last price in it, all as the distance of their integer to that of `last`; of a minute 1 more where that is
not below 0, and 0 where there was none. Behind the columns come how many of them are prices, and the prices that are no
such distance: place, column (0: high), mode and zigzag integer of each.

Who plays every frame passes over them: they tell nothing new. So the numbers of a quote are those that the frames
before led to, the modes as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crashdesk.model.columns import BarSummary, InstrumentKey, MinuteBar
from crashdesk.model.records import Quote
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.recording.cells import LAST, Cells, Field
from crashdesk.recording.numbers import pack_varints, scaled, shortest, take, take_varint, unscaled, unzigzag, zigzag
from crashdesk.recording.quotes import encode_since
from crashdesk.recording.sound import check_prices
from crashdesk.recording.steps import STEP_LIMIT, pack_steps, unpack_steps

_MOST_MINUTES = 60
_MINUTES = 2
"""The columns of prices before those of the minutes."""


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
    keys = [names[number] for number in ids]
    changes = encode_since(before, now, recv_ms, ids)
    last_minute = recv_ms // MINUTE_MS
    first = min((bars[0].minute for bars in seen.minutes.values() if bars), default=last_minute)
    closes = {(key, bar.minute): bar.close for key, bars in seen.minutes.items() for bar in bars}
    prices: list[list[float | None]] = [[seen.bars[key].high for key in keys], [seen.bars[key].low for key in keys]]
    prices += [[closes.get((key, minute)) for key in keys] for minute in range(first, last_minute + 1)]
    columns = [[recv_ms - quotes[number][0] for number in ids]]
    words = [len(prices)]
    for column, row in enumerate(prices):
        columns.append(_distances(column, row, ids, now.fields[LAST], words))
    padding = [[0] * len(ids)] * (_MINUTES + _MOST_MINUTES - len(prices))
    return b"".join((pack_varints((len(changes),)), changes, pack_steps(columns + padding, words)))


def _distances(
    column: int, prices: Sequence[float | None], ids: Sequence[int], last: Field, words: list[int]
) -> list[int]:
    """A column of prices; those that are no distance go to `words`."""
    distances = []
    for place, (number, price) in enumerate(zip(ids, prices, strict=True)):
        step = 0
        if price is not None:
            whole = scaled(price, last.modes[number])
            step = whole - last.wholes[number] if whole is not None else STEP_LIMIT
            if not -STEP_LIMIT < step < STEP_LIMIT:
                step = 0
                mode, own = shortest(price)
                words += (place, column, mode, zigzag(own))
            elif column >= _MINUTES and step >= 0:
                step += 1
        distances.append(step)
    return distances


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


def take_prices(step: Step, ids: Sequence[int], last: Field) -> StepPrices:
    """The rest of a STEP with these instruments; `last` are their newest prices.

    Raises ValueError, IndexError or struct.error when it does not hold.
    """
    rows, (ages, *columns), words = unpack_steps(step.rest, 1 + _MINUTES + _MOST_MINUTES)
    if rows != len(ids) or not words or not _MINUTES <= words[0] <= _MINUTES + _MOST_MINUTES:
        raise ValueError("a step of other instruments")
    prices = [_prices(place, column, ids, last) for place, column in enumerate(columns[: words[0]])]
    told = iter(words[1:])
    for place in told:
        column, mode, whole = take(told, 3)
        prices[column][place] = unscaled(mode, unzigzag(whole))
    for found in prices:
        check_prices(found)
    came = [step.recv_ms - age for age in ages] if ages else [step.recv_ms] * len(ids)
    newest, count = step.recv_ms // MINUTE_MS, len(prices) - _MINUTES
    minutes = {newest - count + 1 + k: found for k, found in enumerate(prices[_MINUTES:])}
    return StepPrices(came, _known(prices[0]), _known(prices[1]), minutes)


def _prices(place: int, column: Sequence[int] | None, ids: Sequence[int], last: Field) -> list[float | None]:
    if place < _MINUTES:
        steps = column or [0] * len(ids)
        return [unscaled(last.modes[n], last.wholes[n] + step) for n, step in zip(ids, steps, strict=True)]
    if column is None:
        return [None] * len(ids)
    return [
        unscaled(last.modes[n], last.wholes[n] + step - (step > 0)) if step else None
        for n, step in zip(ids, column, strict=True)
    ]


def _known(prices: Sequence[float | None]) -> list[float]:
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        raise ValueError("an instrument without a price")
    return known
