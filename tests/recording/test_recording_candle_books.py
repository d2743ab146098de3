"""A book of candles that goes on from one that is known is the book that all of its frames make."""

from __future__ import annotations

from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from crashdesk.model.columns import CandleColumns
from crashdesk.model.timeframe import MINUTE_MS, Timeframe
from crashdesk.recording import candles
from crashdesk.recording.candles import CandleBook, KnownBooks, OrderedRun, in_order

Shape = tuple[int, int, int, int]
"""Symbol, first candle, how many, and what their prices are told by."""
FRAMES = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 9), st.integers(1, 99)), max_size=4),
    min_size=1,
    max_size=9,
)


def _runs(shapes: list[Shape]) -> list[OrderedRun]:
    made = []
    for symbol, first, many, told in shapes:
        times = array("q", [n * MINUTE_MS for n in range(first, first + many)])
        price = array("d", [float(told + n) for n in range(many)])
        run = CandleColumns("okx", f"C{symbol}", Timeframe.M1, times, price, price, price, price, price, b"\1" * many)
        made.append(run)
    return in_order(made)


@settings(max_examples=80, deadline=None)
@given(FRAMES, st.data())
def test_books_that_begin_alike_are_those_of_all_frames(frames: list[list[Shape]], data: st.DataObject) -> None:
    runs = [_runs(shapes) for shapes in frames]
    large = candles._LARGE
    rows = [data.draw(st.sampled_from([1, large])) for _ in frames]
    books = KnownBooks()
    for _ in range(6):
        # a checkpoint lists some of the frames, in the order of the file
        listed = sorted(data.draw(st.sets(st.integers(0, len(frames) - 1), min_size=1)))
        book = CandleBook()
        for number in listed:
            book.add(runs[number])
        found = books.of(listed, [rows[number] for number in listed], [runs[number] for number in listed].__getitem__)
        assert found.columns() == book.columns()
