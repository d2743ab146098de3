"""What both sides of a recording know of the newest quotes: their values, and the integers that others step from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add, truediv

from crashdesk.recording.numbers import BITS, NONE, POWERS, unscaled

FIELDS = ("last", "bid", "ask", "high_24h", "low_24h", "volume_24h_usd", "change_24h_pct")
LAST, BID, ASK = range(3)
PRICES = range(5)
_LIMIT = 1 << 63


class Field:
    """One field of all instruments, by their ids: value, and its integer and mode (see `numbers`).

    `powers` is what the integer is divided by; it is of no meaning for the ids in `odd`, whose value is unknown or told
    by its bits.
    """

    __slots__ = ("modes", "odd", "powers", "values", "wholes")

    def __init__(self) -> None:
        self.values: dict[int, float | None] = {}
        self.wholes: dict[int, int] = {}
        self.modes: dict[int, int] = {}
        self.powers: dict[int, float] = {}
        self.odd: set[int] = set()

    def put(self, number: int, mode: int, whole: int) -> float | None:
        """Set an instrument's value, and return it. Raises ValueError or struct.error when there is no such number."""
        value = None if mode == NONE else unscaled(mode, whole)
        self.set(number, value, mode, whole)
        return value

    def set(self, number: int, value: float | None, mode: int, whole: int) -> None:
        """The same of a value that is known already."""
        self.values[number] = value
        self.wholes[number] = whole
        self.modes[number] = mode
        if mode in (NONE, BITS):
            self.powers[number] = 1.0
            self.odd.add(number)
        else:
            self.powers[number] = POWERS[mode]
            self.odd.discard(number)

    def fill(self, numbers: Sequence[int], modes: Sequence[int], wholes: Sequence[int]) -> None:
        """Set the values of instruments that are there once each, in modes that are decimals."""
        powers = [POWERS[mode] for mode in modes]
        self.values.update(zip(numbers, map(truediv, wholes, powers), strict=True))
        self.wholes.update(zip(numbers, wholes, strict=True))
        self.modes.update(zip(numbers, modes, strict=True))
        self.powers.update(zip(numbers, powers, strict=True))
        self.odd.difference_update(numbers)

    def step(self, numbers: Sequence[int], steps: Sequence[int]) -> None:
        """Move the integers; of an instrument that is there twice the first step counts, others are told anew."""
        moved = list(map(add, map(self.wholes.__getitem__, numbers), steps))
        self.wholes.update(zip(reversed(numbers), reversed(moved), strict=True))

    def now(self, numbers: Sequence[int]) -> list[float | None]:
        """The values that the integers of these instruments say."""
        wholes = map(self.wholes.__getitem__, numbers)
        values: list[float | None] = list(map(truediv, wholes, map(self.powers.__getitem__, numbers)))
        if not self.odd.isdisjoint(numbers):
            for place, number in enumerate(numbers):
                if number in self.odd:
                    known = self.modes[number] == BITS
                    values[place] = unscaled(BITS, _as_bits(self.wholes[number])) if known else None
        return values

    def update(self, other: Field) -> None:
        """Take what another one knows."""
        self.values.update(other.values)
        self.wholes.update(other.wholes)
        self.modes.update(other.modes)
        self.powers.update(other.powers)
        self.odd.difference_update(other.values)
        self.odd.update(other.odd)


def _as_bits(whole: int) -> int:
    """A step without meaning may lead anywhere: what is told anew overwrites it."""
    return (whole + _LIMIT) % (2 * _LIMIT) - _LIMIT


class Cells:
    """The newest quotes: when the venue told them, and their `FIELDS`."""

    __slots__ = ("fields", "times")

    def __init__(self) -> None:
        self.times: dict[int, int] = {}
        self.fields = tuple(Field() for _ in FIELDS)

    def know(self, numbers: Iterable[int]) -> None:
        """Make room for those of these instruments of which nothing is known."""
        for number in set(numbers).difference(self.times):
            self.times[number] = 0
            for field in self.fields:
                field.set(number, None, NONE, 0)

    def copy(self) -> Cells:
        """An independent copy."""
        other = Cells()
        other.update(self)
        return other

    def update(self, other: Cells) -> None:
        """Take what another one knows."""
        self.times.update(other.times)
        for field, newer in zip(self.fields, other.fields, strict=True):
            field.update(newer)
