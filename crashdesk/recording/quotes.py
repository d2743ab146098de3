"""QUOTES frames: what changed since the newest quote of each instrument, in columns of steps.

The payload (module `steps`) holds nine columns and further integers. The columns are the instruments' ids (each less
the one before and 1), how old the quotes are (recv_ms less `ts_ms`), and how far the integer of each of `FIELDS` (see
`numbers`) went from that of the instrument's newest quote before this frame, in the same mode; of `bid` less the step
of `last`, of `ask` less that of `bid`. The further integers tell values anew: of each quote that has such its
place (the distance from the one before), a mask (bit k: field k), and for each field of the mask its mode and,
unless that is `NONE`, the zigzag integer. All fields of an instrument's first quote are told so, and of any but its
first one in a frame; a step there, or where a value is unknown, is without meaning.

Both sides keep the same `Cells`. A KEY frame starts them afresh with the newest quotes of all instruments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import add, itemgetter
from typing import NamedTuple

from crashdesk.model.records import Quote
from crashdesk.recording.cells import ASK, BID, FIELDS, Cells, Field
from crashdesk.recording.numbers import NONE, scaled, shortest, take, unzigzag, zigzag
from crashdesk.recording.sound import check_amounts, check_prices, check_rates, check_times
from crashdesk.recording.steps import STEP_LIMIT, pack_steps, unpack_steps

_SPAN = range(len(FIELDS))
_VALUES = Quote._fields.index(FIELDS[0])
"""Where the fields begin in a `Quote`."""
_LIMIT = 1 << 63
Anew = list[tuple[int, int, int]]
"""(field, mode, integer) of the values of one quote that are told anew."""
Steps = Sequence[int]


def check_quotes(times: Sequence[int], columns: Sequence[Sequence[float | None]]) -> None:
    """Times, and the columns of `FIELDS`: numbers that can be reckoned with. Raises ValueError."""
    *prices, volumes, changes = columns
    check_times(times)
    for column in prices:
        check_prices(column)
    check_amounts(volumes)
    check_rates(changes)
    if None in columns[0]:
        raise ValueError("a quote without a price")


def encode_quotes(cells: Cells, recv_ms: int, rows: Sequence[tuple[int, Quote]]) -> tuple[bytes, Cells, list[Quote]]:
    """Quotes with their instruments' ids as (payload, what changes in the cells, the quotes it holds).

    Quotes equal to the instrument's newest one are left out. `cells` is not changed: update it when the frame is
    written.
    """
    frame = _Frame(cells)
    for number, quote in rows:
        frame.take(number, quote)
    kept = [quote for _, quote in frame.kept]
    ids = [number for number, _ in frame.kept]
    return _pack(recv_ms, ids, [quote.ts_ms for quote in kept], frame.codes, frame.told), frame.fresh, kept


def encode_since(before: Cells, now: Cells, recv_ms: int, ids: Sequence[int]) -> bytes:
    """The newest quotes of these instruments, each once, as a payload that builds upon cells that were before."""
    told: list[tuple[int, Anew]] = []
    rows: list[list[int]] = []
    for place, number in enumerate(ids):
        codes: list[int] = []
        anew: Anew = []
        lead = 0
        for k, (old, field) in enumerate(zip(before.fields, now.fields, strict=True)):
            lead = lead if k <= ASK else 0
            mode, whole, step = field.modes[number], field.wholes[number], lead
            was = old.modes.get(number, NONE)
            if field.values[number] is None:
                if was != NONE or number not in before.times:
                    anew.append((k, NONE, 0))
            elif was != mode or not -STEP_LIMIT < whole - old.wholes[number] < STEP_LIMIT:
                anew.append((k, mode, whole))
            else:
                step = whole - old.wholes[number]
            codes.append(step - lead)
            lead = step
        rows.append(codes)
        if anew:
            told.append((place, anew))
    return _pack(recv_ms, ids, [now.times[number] for number in ids], rows, told)


def _pack(
    recv_ms: int,
    ids: Sequence[int],
    times: Sequence[int],
    rows: Sequence[Sequence[int]],
    told: Sequence[tuple[int, Anew]],
) -> bytes:
    columns = [
        [number - before - 1 for before, number in pairwise((-1, *ids))],
        [recv_ms - ts_ms for ts_ms in times],
        *([row[k] for row in rows] for k in _SPAN),
    ]
    words: list[int] = []
    before = 0
    for place, anew in told:
        words += (place - before, sum(1 << k for k, _, _ in anew))
        before = place
        for _, mode, whole in anew:
            words += (mode,) if mode == NONE else (mode, zigzag(whole))
    return pack_steps(columns, words)


class _Frame:
    """A frame in the making."""

    def __init__(self, cells: Cells) -> None:
        self.fresh = Cells()
        self.kept: list[tuple[int, Quote]] = []
        self.codes: list[list[int]] = []
        self._cells = cells
        self.told: list[tuple[int, Anew]] = []
        self._newest: dict[int, Quote] = {}

    def take(self, number: int, quote: Quote) -> None:
        """Add a quote unless it is the newest one again."""
        newest = self._newest.get(number)
        if newest is None and number in self._cells.times:
            codes, anew, changed = self._changes(number, quote)
            if not changed and self._cells.times[number] == quote.ts_ms:
                return
        else:
            codes, anew = [0] * len(FIELDS), _whole(quote)
            if newest is not None and newest.ts_ms == quote.ts_ms and _whole(newest) == anew:
                return
        if anew:
            self.told.append((len(self.kept), anew))
            for k, mode, whole in anew:
                self.fresh.fields[k].set(number, quote[_VALUES + k], mode, whole)  # type: ignore[arg-type]
        self._newest[number] = quote
        self.fresh.times[number] = quote.ts_ms
        self.kept.append((number, quote))
        self.codes.append(codes)

    def _changes(self, number: int, quote: Quote) -> tuple[list[int], Anew, bool]:
        """(the steps as they are written, the values to be told anew, whether any value is another one)."""
        codes: list[int] = []
        anew: Anew = []
        changed = False
        lead = 0
        for k, (field, fresh) in enumerate(zip(self._cells.fields, self.fresh.fields, strict=True)):
            value: float | None = quote[_VALUES + k]  # type: ignore[assignment]
            old = field.values[number]
            if k > ASK:
                lead = 0
            step = 0
            if value is None or old is None:
                step = lead  # without meaning: what packs best
                if value is not old:
                    anew.append((k, NONE, 0) if value is None else (k, *shortest(value)))
            elif value != old or not value:
                mode = field.modes[number]
                whole = scaled(value, mode)
                step = whole - field.wholes[number] if whole is not None else STEP_LIMIT
                if not -STEP_LIMIT < step < STEP_LIMIT:
                    step = lead
                    anew.append((k, *shortest(value)))
                elif step and whole is not None:
                    fresh.set(number, value, mode, whole)
                    changed = True
            codes.append(step - lead)
            lead = step
        return codes, anew, changed or bool(anew)


def _whole(quote: Quote) -> Anew:
    values: tuple[float | None, ...] = quote[_VALUES:]  # type: ignore[assignment]
    return [(k, NONE, 0) if value is None else (k, *shortest(value)) for k, value in enumerate(values)]


class QuoteSteps(NamedTuple):
    """A payload read: of each quote the instrument's id and `ts_ms`, and how far its fields went, None: none of them.

    `words` are the values that are told anew, see `tell_anew`.
    """

    ids: list[int]
    times: list[int]
    fields: list[Steps | None]
    words: list[int]


def read_steps(recv_ms: int, payload: bytes, instruments: int) -> QuoteSteps:
    """What a payload tells of `instruments` known ones. Raises ValueError or IndexError when it does not hold."""
    count, (gaps, ages, *codes), words = unpack_steps(payload, 2 + len(FIELDS))
    ids = list(map(add, accumulate(gaps), range(count))) if gaps else list(range(count))
    if ids and not 0 <= min(ids) <= max(ids) < instruments:
        raise IndexError("a quote of an unknown instrument")
    times = [recv_ms - age for age in ages] if ages else [recv_ms] * count
    fields: list[Steps | None] = list(codes)
    for k in (BID, ASK):
        code, lead = fields[k], fields[k - 1]
        if lead is not None:
            fields[k] = lead if code is None else list(map(add, code, lead))
    return QuoteSteps(ids, times, fields, words)


def decode_quotes(
    cells: Cells, recv_ms: int, payload: bytes, names: Sequence[tuple[str, str]]
) -> list[tuple[int, Quote]]:
    """(id, complete quote) of a payload; `cells` takes the changes.

    Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold or a number in it is
    none; `cells` is then of no use until the next KEY.
    """
    ids, times, steps, words = read_steps(recv_ms, payload, len(names))
    cells.know(ids)
    cells.times.update(zip(ids, times, strict=True))
    columns = [_step(field, ids, step) for field, step in zip(cells.fields, steps, strict=True)]
    for place, k, value in tell_anew(cells, ids, words):
        columns[k][place] = value
    check_quotes(times, columns)
    pairs = [names[number] for number in ids]
    rows = zip(map(itemgetter(0), pairs), map(itemgetter(1), pairs), times, *columns, strict=True)
    return list(zip(ids, map(Quote._make, rows), strict=True))


def _step(field: Field, ids: list[int], steps: Steps | None) -> list[float | None]:
    """One field of all rows after their steps."""
    if steps is None:
        return list(map(field.values.__getitem__, ids))
    field.step(ids, steps)
    values = field.now(ids)
    field.values.update(zip(ids, values, strict=True))
    return values


def tell_anew(cells: Cells, ids: Sequence[int], words: Sequence[int]) -> Iterator[tuple[int, int, float | None]]:
    """Set the values that are told anew: (place among the quotes, field, value).

    Raises ValueError, IndexError or struct.error when the integers do not hold.
    """
    stream, place = iter(words), 0
    for step in stream:
        mask = take(stream, 1)[0]
        place += step
        number = ids[place]
        for k in _SPAN:
            if mask >> k & 1:
                mode = take(stream, 1)[0]
                whole = unzigzag(take(stream, 1)[0]) if mode != NONE else 0
                if not -_LIMIT <= whole < _LIMIT:
                    raise ValueError("a number is too large")
                yield place, k, cells.fields[k].put(number, mode, whole)
