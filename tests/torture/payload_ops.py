"""Hostile payloads: what a frame holds is changed where it is looked for, and packed again as a writer would.

Nothing here knows a kind of frame. A payload is taken for what it can be read as: JSON, a zlib stream, sections behind
their lengths, numbered sections, a stream of varints, arrays; each is changed in its own way.
"""

from __future__ import annotations

import json
import math
import random
import zlib
from collections.abc import Callable

from crashdesk.recording.format import DICTIONARY, Codec
from crashdesk.recording.numbers import pack_varints, take_varint, unpack_varints
from crashdesk.recording.raw_words import WORDS
from tests.torture.byte_ops import any_bytes
from tests.torture.pieces import Piece, is_deflated

Chance = random.Random
Op = Callable[[bytes, Chance], bytes | None]
"""Gives the changed bytes, None when they are not of its sort."""

NUMBERS = (0, 1, 2, 127, 128, 255, 2**15, 2**16, 2**31 - 1, 2**31, 2**32, 2**53, 2**62, 2**63 - 1, 2**63, 2**64, 2**70)
VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63),
    10**30,
    253402300799999,
    253402300800000,
    1e308,
    -1e308,
    5e-324,
    math.nan,
    math.inf,
    -0.0,
    0.5,
    "",
    "x" * 5000,
    "\x1b[2J\u202e\n",
    "\ud800",
    "BTC/USDT",
    [],
    {},
    [[[[]]]],
)
_BOMB = 1 << 20
_FILLERS = (b"\0", b"\x01", b"\x80", b"\xff", b"[", b"[],", b"0,", b'["a","b"],', b"\x01\x00", b"\x7f", b"\x20")
_MOST_HEADS = 8
_MOST_SECTIONS = 4_096


def hostile(piece: Piece, chance: Chance) -> Piece:
    """The frame with another payload, which its checksum confirms."""
    plain = piece.payload
    if is_deflated(piece):
        dictionary = DICTIONARY if piece.codec == Codec.ZLIB_DICTIONARY else b""
        plain = _inflated(piece.payload, zlib.MAX_WBITS, dictionary) or piece.payload
    changed = change(plain, chance)
    if not is_deflated(piece):
        return piece.with_(payload=changed)
    if chance.random() < 0.2:
        return piece.with_(payload=changed, codec=Codec.RAW)
    return piece.with_(payload=_deflated(changed, zlib.MAX_WBITS, dictionary))


def change(plain: bytes, chance: Chance, depth: int = 0) -> bytes:
    """Bytes changed in one of the ways that fit them."""
    ops: list[Op] = [_json, _numbered, _measured, _streams, _varints, _columns]
    chance.shuffle(ops)
    if depth < 3 and chance.random() < 0.9:
        for op in ops:
            changed = op(plain, chance)
            if changed is not None:
                return changed
    return bomb(chance) if chance.random() < 0.05 else any_bytes(plain, chance)


def bomb(chance: Chance) -> bytes:
    """Much of little."""
    filler = chance.choice(_FILLERS)
    data = filler * (chance.choice((1, 4, 32)) * _BOMB // len(filler))
    if filler[-1:] == b"," and chance.random() < 0.8:
        return b"[" + data[:-1] + b"]"
    return pack_varints((chance.choice(NUMBERS[:-1]),)) + data if chance.random() < 0.3 else data


def _json(plain: bytes, chance: Chance) -> bytes | None:
    if plain[:1] != b"[":
        return None
    try:
        value = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    at = value
    while isinstance(at, list) and at:
        place = chance.randrange(len(at))
        if isinstance(at[place], list) and at[place] and chance.random() < 0.8:
            at = at[place]
            continue
        how = chance.random()
        if how < 0.7:
            at[place] = chance.choice(VALUES)
        elif how < 0.8:
            at.insert(place, at[place])
        elif how < 0.9:
            del at[place]
        else:
            at[:] = at * chance.choice((2, 50, 1000))
        break
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _numbered(plain: bytes, chance: Chance) -> bytes | None:
    """Sections, each a number, a length and so many bytes."""
    sections = []
    at = 0
    try:
        while at < len(plain):
            number, at = take_varint(plain, at)
            length, at = take_varint(plain, at)
            if at + length > len(plain) or len(sections) == _MOST_SECTIONS:  # so many are those of a bomb before it
                return None
            sections.append((number, plain[at : at + length]))
            at += length
    except ValueError:
        return None
    if len(sections) < 2:
        return None
    place = chance.randrange(len(sections))
    number, section = sections[place]
    how = chance.random()
    if how < 0.85:
        sections[place] = (number, change(section, chance, 1))
    elif how < 0.9:
        del sections[place]
    elif how < 0.95:
        sections[place] = (number, sections[chance.randrange(len(sections))][1])
    else:
        sections.append((number, section))
    return b"".join(pack_varints((number, len(section))) + section for number, section in sections)


def _measured(plain: bytes, chance: Chance) -> bytes | None:
    """Sections behind the lengths of all of them."""
    lengths: list[int] = []
    at = 0
    while len(lengths) < _MOST_HEADS:
        try:
            length, at = take_varint(plain, at)
        except ValueError:
            return None
        lengths.append(length)
        if at + sum(lengths) >= len(plain):
            break
    if at + sum(lengths) != len(plain) or len(lengths) < 2:
        return None
    sections = []
    for length in lengths:
        sections.append(plain[at : at + length])
        at += length
    place = chance.choice([k for k, section in enumerate(sections) if section] or [0])
    sections[place] = change(sections[place], chance, 1)
    return pack_varints(map(len, sections)) + b"".join(sections)


def _streams(plain: bytes, chance: Chance) -> bytes | None:
    """A deflate stream at the end, behind up to three varints (the last of which may be its length)."""
    at = 0
    for heads in range(4):
        for bits, words in ((zlib.MAX_WBITS, b""), (-zlib.MAX_WBITS, b""), (-zlib.MAX_WBITS, WORDS)):
            inner = _inflated(plain[at:], bits, words, whole=False)
            if inner is not None and len(inner) > 2:
                stream = _deflated(change(inner, chance, 2), bits, words)
                head = plain[:at]
                if heads == 2:
                    first, _ = take_varint(plain, 0)
                    head = pack_varints((first, len(stream)))
                return head + stream
        try:
            _, at = take_varint(plain, at)
        except ValueError:
            return None
    return None


def _varints(plain: bytes, chance: Chance) -> bytes | None:
    try:
        values = unpack_varints(plain)
    except ValueError:
        return None
    if not values:
        return None
    for _ in range(chance.choice((1, 1, 1, 3))):
        place = chance.randrange(min(len(values), chance.choice((2, len(values)))))
        how = chance.random()
        if how < 0.6:
            values[place] = chance.choice(NUMBERS)
        elif how < 0.75:
            values[place] ^= 1 << chance.randrange(40)
        elif how < 0.85:
            values.insert(place, chance.choice(NUMBERS))
        elif how < 0.95 and len(values) > 1:
            del values[place]
        else:
            values[place:place] = values[place : place + 8] * chance.choice((2, 5000))
    return pack_varints(values)


def _columns(plain: bytes, chance: Chance) -> bytes | None:
    """Runs of the high bytes of numbers: no number, infinite, below zero, far away."""
    if len(plain) < 16:
        return None
    data = bytearray(plain)
    run = chance.choice((b"\xff\xf8", b"\x7f\xf0", b"\xff", b"\x7f", b"\0\0\0\0\0\0\0\0", b"\0\0\0\0\0\0\xf8\x7f"))
    for _ in range(chance.choice((1, 2, 20))):
        at = chance.randrange(len(data))
        data[at : at + len(run)] = run[: len(data) - at]
    return bytes(data)


def _inflated(data: bytes, bits: int, words: bytes, *, whole: bool = True) -> bytes | None:
    machine = zlib.decompressobj(bits, zdict=words) if words else zlib.decompressobj(bits)
    try:
        plain = machine.decompress(data)
    except zlib.error:
        return None
    return plain if machine.eof and not (whole and machine.unused_data) else None


def _deflated(data: bytes, bits: int, words: bytes) -> bytes:
    if words:
        machine = zlib.compressobj(6, zlib.DEFLATED, bits, zdict=words)
    else:
        machine = zlib.compressobj(6, zlib.DEFLATED, bits)
    return machine.compress(data) + machine.flush()
