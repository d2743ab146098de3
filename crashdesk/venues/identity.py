"""Which rows of overlapping answers are new: equal rows within one answer are twins, across answers duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crashdesk.model.records import Liquidation, Side

Key = tuple[str, int, Side, int, float]
"""Symbol, time, side, micro-dollars, price. Equal keys happen: the occurrence counter tells twins apart."""

_TIDY_AT = 20_000


def key_of(row: Liquidation) -> Key:
    """What a row is known by, apart from its occurrence."""
    return (row.symbol, row.ts_ms, row.side, row.usd_micro, row.price)


class Ledger:
    """The rows of one venue's feed seen so far, by key and occurrence.

    An *answer* is one REST page or one subscription of a socket. The n-th equal row of an answer is the n-th
    occurrence; it is new when no earlier answer had that many. So twins in one answer both count, and a page that
    overlaps the last one, or a socket that re-sends after a reconnect, adds nothing.
    """

    def __init__(self) -> None:
        self._seen: Counter[Key] = Counter()
        self._answer: Counter[Key] = Counter()
        self._tidy_at = _TIDY_AT

    def seed(self, rows: Iterable[Liquidation]) -> None:
        """Rows that are already in the recording, each as many times as it is there."""
        for row in rows:
            self._seen[key_of(row)] += 1

    def begin(self) -> None:
        """A new answer starts."""
        self._answer.clear()

    def admit(self, row: Liquidation) -> bool:
        """Whether this row of the current answer is new."""
        key = key_of(row)
        self._answer[key] += 1
        if self._answer[key] <= self._seen[key]:
            return False
        self._seen[key] = self._answer[key]
        return True

    def tidy(self, ts_ms: int) -> None:
        """`forget_before`, but only when the ledger has doubled since the last time."""
        if len(self._seen) > self._tidy_at:
            self.forget_before(ts_ms)
            self._tidy_at = max(_TIDY_AT, 2 * len(self._seen))

    def forget_before(self, ts_ms: int) -> None:
        """Drop what is older than `ts_ms`; only right once no answer can bring it again."""
        for counter in (self._seen, self._answer):
            for key in [key for key in counter if key[1] < ts_ms]:
                del counter[key]

    def __len__(self) -> int:
        return len(self._seen)


class Refused:
    """Rows that could not be trusted, so that each is counted once though page after page brings it.

    A row is known by its text and its occurrence within one answer. What no answer of a whole round of polls has
    brought is forgotten.
    """

    def __init__(self) -> None:
        self._before: Counter[str] = Counter()
        self._round: Counter[str] = Counter()
        self._answer: Counter[str] = Counter()

    def begin(self) -> None:
        """A new answer starts."""
        self._answer.clear()

    def is_new(self, text: str) -> bool:
        """Whether this row of the current answer has not been counted yet."""
        self._answer[text] += 1
        count = self._answer[text]
        known = max(self._before[text], self._round[text])
        self._round[text] = max(self._round[text], count)
        return count > known

    def end_round(self, *, whole: bool) -> None:
        """A round of polls ends; `whole` when everything was answered."""
        self._before = self._round if whole else self._before | self._round
        self._round = Counter()
