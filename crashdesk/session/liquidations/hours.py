"""Hours as spans: counted as one while no window's edge lies among their rows, split into chunks when one does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from crashdesk.model.columns import Chunk, Hour, LiquidationSummary
from crashdesk.session.liquidations.facts import KnownFacts
from crashdesk.session.liquidations.part import Cut, Part
from crashdesk.session.liquidations.span import Span

_ORDERS = itemgetter(1)


def _count(summary: LiquidationSummary) -> int:
    return sum(map(_ORDERS, summary.sums.values()))


def count_all(chunks: Sequence[Chunk], hours: Sequence[Hour]) -> int:
    """How many liquidations these roll-ups are of."""
    summaries = [*(hour.liquidations for hour in hours), *(chunk.liquidations for chunk in chunks)]
    return sum(_count(summary) for summary in summaries if summary is not None)


def past_spans(
    chunks: Sequence[Chunk], hours: Sequence[Hour], first: int, facts: KnownFacts
) -> Iterator[tuple[Span, LiquidationSummary]]:
    """Spans by their sums, first the hours; row `first` of the recording is the first one."""
    for hour in hours:
        summary = hour.liquidations
        if summary is not None:
            count = _count(summary)
            yield Span.of_hour(facts.keys, hour, summary, first, count, facts.of(first, count)), summary
            first += count
    for chunk in chunks:
        summary = chunk.liquidations
        if summary is not None:
            count = _count(summary)
            yield Span.of_chunk(facts.keys, chunk, summary, first, count, facts.of(first, count)), summary
            first += count


def split(span: Span, facts: KnownFacts) -> list[Span]:
    """The spans of an hour's chunks; itself, all of its rows lost, when they are not known by chunk any more."""
    parts = (
        [part for part, _ in past_spans(span.chunks(), (), span.number, facts)] if span.chunks is not None else [span]
    )
    if sum(part.count for part in parts) != span.count:
        span.chunks = None
        return [span]
    for part in parts:
        part.hour = span
    return parts


def parts_of(cuts: Iterable[Cut]) -> Iterator[Part]:
    """The rows of cuts; the chunks of an hour are that hour where all of its rows are meant: it has them in one, even
    those of a chunk that turns out to be damaged.
    """
    for _, group in groupby(cuts, key=lambda cut: id(cut[0].hour)):
        found = list(group)
        hour = found[0][0].hour
        if hour is not None and sum(end - first for _, first, end in found) == hour.count:
            yield Part(hour, None)
        else:
            yield from (Part.between(*cut) for cut in found)


def newest_first(spans: Iterator[Span], facts: KnownFacts, wanted: Callable[[Span], bool]) -> Iterator[Span]:
    """The spans with the wanted hours split."""
    for span in spans:
        if span.chunks is None:
            yield span
        elif wanted(span):
            for part in reversed(split(span, facts)):
                part.entered = part.count
                yield part
