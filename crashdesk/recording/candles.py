"""CANDLES frames: series behind one another, in arrays that are read without touching a single candle.

The payload: a varint with the length of the index, the index (varints: for each run of candles of one series the
instrument's id, the timeframe's number and the count), then six columns over all candles: closed (a byte each), the
distances between `open_ms` (i64), open, high, low, close, volume (f64), each as byte planes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from operator import lt
from typing import NamedTuple

from crashdesk.model.columns import CandleColumns
from crashdesk.model.records import Candle
from crashdesk.model.timeframe import Timeframe
from crashdesk.recording.numbers import from_planes, pack_varints, planes, take_varint, unpack_varints
from crashdesk.recording.sound import check_amounts, check_prices, check_times

_TIMEFRAMES = (Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1, Timeframe.W1)
_NUMBER_OF = {timeframe: number for number, timeframe in enumerate(_TIMEFRAMES)}
_WIDTH = 8
_LARGE = 256
"""Candles of a frame that is worth remembering how it lies upon those before it."""
_BOOKS_KEPT = 32
PRICES = ("open", "high", "low", "close", "volume")
Names = Sequence[tuple[str, str]]
SeriesKey = tuple[str, str, Timeframe]
Piece = tuple[CandleColumns, int]
"""A run, and how many of its candles count."""
OrderedRun = tuple[SeriesKey, CandleColumns]
"""A run that is sorted by `open_ms` and has each candle once, and its series."""


class Span(NamedTuple):
    """What a frame holds of one series: the range of `open_ms`, and whether no candle is missing in it."""

    series: SeriesKey
    first_ms: int
    last_ms: int
    whole: bool

    def covers(self, other: Span) -> bool:
        """Whether every candle of `other` is in this one too."""
        inside = self.first_ms <= other.first_ms and other.last_ms <= self.last_ms
        return self.whole and inside and self.series == other.series


def encode_candles(rows: Sequence[tuple[int, Candle]]) -> bytes:
    """Candles with their instruments' ids, in their order. Raises OverflowError when a time does not fit 64 bits."""
    runs = groupby((number, _NUMBER_OF[row.timeframe]) for number, row in rows)
    index = [part for key, run in runs for part in (*key, sum(1 for _ in run))]
    candles = [row for _, row in rows]
    columns = [array("d", [getattr(row, name) for row in candles]) for name in PRICES]
    return _pack(index, bytes(row.closed for row in candles), array("q", [row.open_ms for row in candles]), columns)


def encode_columns(parts: Sequence[tuple[int, CandleColumns]]) -> bytes:
    """The same payload from whole series with their instruments' ids."""
    index = [n for number, part in parts for n in (number, _NUMBER_OF[part.timeframe], len(part.open_ms))]
    times: array[int] = array("q")
    columns: list[array[float]] = [array("d") for _ in PRICES]
    for _, part in parts:
        times += part.open_ms
        for column, name in zip(columns, PRICES, strict=True):
            column += getattr(part, name)
    return _pack(index, b"".join(part.closed for _, part in parts), times, columns)


def _pack(index: list[int], closed: bytes, times: array[int], columns: list[array[float]]) -> bytes:
    head = pack_varints(index)
    steps = array("q", [b - a for a, b in zip([0, *times[:-1]], times, strict=True)] if times else [])
    return b"".join((pack_varints((len(head),)), head, closed, planes(steps), *map(planes, columns)))


def decode_columns(payload: bytes, names: Names) -> list[CandleColumns]:
    """The runs of a payload, as they were appended. Raises ValueError, IndexError or OverflowError if it is broken."""
    length, at = take_varint(payload, 0)
    index = unpack_varints(payload[at : at + length])
    counts = index[2::3]
    total = sum(counts)
    at += length
    if len(index) % 3 or len(payload) != at + total * (1 + _WIDTH * (1 + len(PRICES))):
        raise ValueError("the columns do not fit their index")
    if not total:
        return []
    closed = payload[at : at + total]
    at += total
    blocks = [payload[a : a + total * _WIDTH] for a in range(at, len(payload), total * _WIDTH)]
    times = array("q", accumulate(from_planes("q", blocks[0])))
    prices = [from_planes("d", block) for block in blocks[1:]]
    check_candles(times, prices)
    runs = []
    end = 0
    for number, timeframe, count in zip(index[::3], index[1::3], counts, strict=True):
        start, end = end, end + count
        cut = slice(start, end)
        key = (*names[number], _TIMEFRAMES[timeframe])
        runs.append(_series(key, times[cut], [column[cut] for column in prices], closed[cut]))
    return runs


def check_candles(times: array[int], columns: Sequence[array[float]]) -> None:
    """Times, and the columns of `PRICES`: numbers that can be reckoned with. Raises ValueError."""
    *prices, volume = columns
    check_times(times)
    for column in prices:
        check_prices(column)
    check_amounts(volume)


def _series(key: SeriesKey, times: array[int], prices: Sequence[array[float]], closed: bytes) -> CandleColumns:
    first, high, low, close, volume = prices
    return CandleColumns(*key, times, first, high, low, close, volume, closed)


def candles_of(runs: Iterable[CandleColumns]) -> Iterator[Candle]:
    """The single candles of series."""
    for run in runs:
        key = (run.venue, run.symbol, run.timeframe)
        columns = zip(run.open_ms, run.open, run.high, run.low, run.close, run.volume, run.closed, strict=True)
        for open_ms, first, high, low, close, volume, closed in columns:
            yield Candle(*key, open_ms, first, high, low, close, volume, bool(closed))


def spans_of(runs: Iterable[CandleColumns]) -> tuple[Span, ...]:
    """What a frame's runs hold."""
    return tuple(
        Span(
            (run.venue, run.symbol, run.timeframe),
            min(run.open_ms),
            max(run.open_ms),
            len(set(run.open_ms)) == (max(run.open_ms) - min(run.open_ms)) // run.timeframe.ms + 1,
        )
        for run in runs
        if run.open_ms
    )


class CandleBook:
    """The latest revision of every candle, series by series. Add runs in the order of the file."""

    def __init__(self) -> None:
        self._pieces: dict[SeriesKey, list[Piece]] = {}

    def add(self, runs: Iterable[OrderedRun]) -> None:
        """Take runs over the candles that are there. Their arrays are not changed."""
        known = self._pieces
        for key, run in runs:
            pieces = known.get(key)
            if pieces is None:
                known[key] = [(run, len(run.open_ms))]
            else:
                _lay(pieces, run)

    def copy(self) -> CandleBook:
        """A book of the same runs, which goes on by itself."""
        other = CandleBook()
        other._pieces = {key: pieces[:] for key, pieces in self._pieces.items()}
        return other

    def columns(self) -> tuple[CandleColumns, ...]:
        """All series, in the order in which they first came; the arrays are the caller's own."""
        return tuple(map(_joined, self._pieces.values()))


class KnownBooks:
    """Books by the frames that are laid in them: checkpoints list the same large frames, and then small ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, ...], CandleBook] = OrderedDict()

    def of(
        self, offsets: Sequence[int], rows: Sequence[int], runs: Callable[[int], Iterable[OrderedRun]]
    ) -> CandleBook:
        """The book of the frames at these offsets. `rows` says how many each has, `runs` reads one, by its place."""
        large = max((place for place, many in enumerate(rows) if many >= _LARGE), default=-1) + 1
        start = next((n for n in range(large, 0, -1) if tuple(offsets[:n]) in self._known), 0)
        book = CandleBook()
        if start:
            self._known.move_to_end(tuple(offsets[:start]))
            book = self._known[tuple(offsets[:start])].copy()
        for place in range(start, len(offsets)):
            book.add(runs(place))
            if place + 1 == large:
                self._keep(tuple(offsets[:large]), book.copy())
        return book

    def _keep(self, offsets: tuple[int, ...], book: CandleBook) -> None:
        self._known[offsets] = book
        if len(self._known) > _BOOKS_KEPT:
            self._known.popitem(last=False)


def in_order(runs: Iterable[CandleColumns]) -> list[OrderedRun]:
    """Runs as a book takes them: each sorted by `open_ms`, of candles told twice the later one."""
    return [
        ((run.venue, run.symbol, run.timeframe), run if all(map(lt, run.open_ms, run.open_ms[1:])) else _sorted(run))
        for run in runs
        if run.open_ms
    ]


def _rows(run: CandleColumns) -> Iterator[tuple[int, float, float, float, float, float, int]]:
    return zip(run.open_ms, run.open, run.high, run.low, run.close, run.volume, run.closed, strict=True)


def _sorted(run: CandleColumns) -> CandleColumns:
    latest = {row[0]: row for row in _rows(run)}
    rows = [latest[open_ms] for open_ms in sorted(latest)]
    times, *prices, closed = zip(*rows, strict=True)
    columns = [array("d", column) for column in prices]
    return _series((run.venue, run.symbol, run.timeframe), array("q", times), columns, bytes(closed))


def _lay(pieces: list[Piece], new: CandleColumns) -> None:
    """Put `new` over the pieces: each begins after the one before it, candles of `new` are told last."""
    while pieces:
        old, end = pieces[-1]
        first_ms = new.open_ms[0]
        if old.open_ms[end - 1] < first_ms:
            break
        cut = bisect_left(old.open_ms, first_ms, 0, end)
        if not set(old.open_ms[cut:end]) <= set(new.open_ms):
            new = _sorted(_join(_cut(old, slice(cut, end)), new))
        pieces.pop()
        if cut:
            pieces.append((old, cut))
    pieces.append((new, len(new.open_ms)))


def _joined(pieces: list[Piece]) -> CandleColumns:
    """The pieces one behind the other, copied once."""
    (first, end), *others = pieces
    made = _cut(first, slice(end))
    closed = [made.closed]
    for run, count in others:
        whole = run if count == len(run.open_ms) else _cut(run, slice(count))
        made.open_ms.extend(whole.open_ms)
        made.open.extend(whole.open)
        made.high.extend(whole.high)
        made.low.extend(whole.low)
        made.close.extend(whole.close)
        made.volume.extend(whole.volume)
        closed.append(whole.closed)
    return made._replace(closed=b"".join(closed))


def _cut(run: CandleColumns, cut: slice) -> CandleColumns:
    prices = [column[cut] for column in (run.open, run.high, run.low, run.close, run.volume)]
    return _series((run.venue, run.symbol, run.timeframe), run.open_ms[cut], prices, run.closed[cut])


def _join(a: CandleColumns, b: CandleColumns) -> CandleColumns:
    return CandleColumns(
        a.venue,
        a.symbol,
        a.timeframe,
        a.open_ms + b.open_ms,
        a.open + b.open,
        a.high + b.high,
        a.low + b.low,
        a.close + b.close,
        a.volume + b.volume,
        a.closed + b.closed,
    )
