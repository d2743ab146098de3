"""Bytes spoiled without a look at what they mean: a bad disk, a bad copy."""

from __future__ import annotations

import random
from collections.abc import Callable

Chance = random.Random


def flip(data: bytearray, chance: Chance) -> None:
    """Some single bits."""
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data: bytearray, chance: Chance) -> None:
    """A run of bytes: a lost block reads as zeros, an erased one as ones."""
    at, length = chance.randrange(len(data)), chance.choice((1, 4, 40, 512, 4096))
    end = min(at + length, len(data))
    fill = chance.choice((b"\0", b"\xff", b"\xf7\xc3\xd5\x9a", None))
    data[at:end] = chance.randbytes(end - at) if fill is None else (fill * (end - at))[: end - at]


def cut_off(data: bytearray, chance: Chance) -> None:
    """The end is missing."""
    del data[chance.randrange(len(data)) :]


def cut_out(data: bytearray, chance: Chance) -> None:
    """A part is missing."""
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 3, 40, 1000, 8192))]


def insert(data: bytearray, chance: Chance) -> None:
    """Something in between that does not belong there."""
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.randbytes(chance.choice((1, 3, 40, 1000)))


def repeat(data: bytearray, chance: Chance) -> None:
    """A part is there twice."""
    at, to = chance.randrange(len(data)), chance.randrange(len(data) + 1)
    data[to:to] = data[at : at + chance.choice((1, 40, 512, 4096))]


def exchange(data: bytearray, chance: Chance) -> None:
    """Two blocks have changed places."""
    size = chance.choice((16, 512, 4096))
    a, b = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    first, second = bytes(data[a : a + size]), bytes(data[b : b + size])
    if a + size <= b and len(first) == len(second):
        data[a : a + size], data[b : b + size] = second, first


OPS: tuple[Callable[[bytearray, Chance], None], ...] = (flip, overwrite, cut_off, cut_out, insert, repeat, exchange)


def any_bytes(data: bytes, chance: Chance) -> bytes:
    """One of these."""
    changed = bytearray(data or b"\0")
    chance.choice(OPS)(changed, chance)
    return bytes(changed)
