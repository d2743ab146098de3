"""One spoiled recording out of a sound one, determined by a seed."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

from crashdesk.model.times import LAST_MS
from crashdesk.recording.format import MAX_STORED, Codec, Kind
from tests.torture.byte_ops import any_bytes
from tests.torture.payload_ops import NUMBERS, Chance, bomb, hostile
from tests.torture.pieces import Piece, join, settle, split

Frames = list[Piece]
_TIMES = (0, 1, -1, 253_402_300_799_999, LAST_MS, LAST_MS + 1, 2**62, 2**63 - 1, 1_762_200_000_000, 4_000_000_000_000)


def mutated(data: bytes, others: list[bytes], chance: Chance) -> tuple[bytes, str]:
    """(the spoiled file, what was done to it) out of a sound recording; `others` lend frames."""
    if chance.random() < 0.25:
        done = []
        for _ in range(chance.choice((1, 1, 2, 5))):
            data = any_bytes(data, chance)
            done.append("bytes")
        return data, "+".join(done)
    preface, pieces = split(data)
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        op = chance.choice(FRAME_OPS)
        op(pieces, chance, others)
        done.append(op.__name__)
    if chance.random() < 0.5:
        pieces = settle(pieces)
        done.append("settled")
    data = join(preface, pieces)
    if chance.random() < 0.1:
        data = any_bytes(data, chance)
        done.append("bytes")
    return data, "+".join(done)


def _place(pieces: Frames, chance: Chance) -> int:
    """A frame; the kinds that are few as likely as those that are many."""
    kind = chance.choice(sorted({piece.kind for piece in pieces}))
    return chance.choice([k for k, piece in enumerate(pieces) if piece.kind == kind])


def payload(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """What one or more frames hold."""
    for _time in range(chance.choice((1, 1, 1, 4))):
        place = _place(pieces, chance)
        pieces[place] = hostile(pieces[place], chance)


def key(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """What a checkpoint holds, and no earlier one is left to fall back to."""
    keys = [k for k, piece in enumerate(pieces) if piece.kind == Kind.KEY]
    if keys:
        place = chance.choice(keys)
        pieces[place] = hostile(pieces[place], chance)
        if chance.random() < 0.5:
            del pieces[place + 1 :]


def header(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """One field of a header."""
    place = _place(pieces, chance)
    changes: dict[str, Callable[[], object]] = {
        "kind": lambda: chance.choice((*Kind, 0, 19, 20, 255)),
        "codec": lambda: chance.choice((*Codec, 4, 255)),
        "flags": lambda: chance.choice((0, 1, 2, 255)),
        "version": lambda: chance.choice((0, 2, 255)),
        "seq": lambda: chance.choice((*NUMBERS[:16], 2**64 - 1, pieces[place].seq + chance.choice((-1, 1, 5)))),
        "recv_ms": lambda: chance.choice((*_TIMES, pieces[place].recv_ms + chance.randrange(-(10**7), 10**7))),
        "key_back": lambda: chance.choice((*NUMBERS[:10], 2**32 - 1, chance.randrange(100_000))),
        "length": lambda: chance.choice((0, 1, MAX_STORED, MAX_STORED + 1, 2**32 - 1, chance.randrange(100_000))),
        "crc": lambda: chance.randrange(2**32),
    }
    name = chance.choice(sorted(changes))
    pieces[place] = pieces[place].with_(**{name: changes[name]()})


def drop(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """One frame, a run of frames or all of a kind are missing."""
    place = _place(pieces, chance)
    if chance.random() < 0.3:
        kind = pieces[place].kind
        pieces[:] = [piece for piece in pieces if piece.kind != kind] or pieces[:1]
    elif len(pieces) > 20:
        del pieces[place : place + chance.choice((1, 1, 5, 20))]


def double(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """A frame is there again, near or far, once or very often."""
    piece = pieces[_place(pieces, chance)]
    to = chance.randrange(len(pieces) + 1)
    pieces[to:to] = [piece] * chance.choice((1, 1, 3, 300))


def swap(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """Two frames have changed places."""
    a, b = _place(pieces, chance), _place(pieces, chance)
    pieces[a], pieces[b] = pieces[b], pieces[a]


def splice(pieces: Frames, chance: Chance, others: list[bytes]) -> None:
    """Frames of another recording in the middle of this one."""
    _, theirs = split(chance.choice(others))
    start = chance.randrange(len(theirs))
    to = chance.randrange(len(pieces) + 1)
    pieces[to:to] = theirs[start : start + chance.choice((1, 5, 50))]


def exploding(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """A little that unpacks to very much."""
    place = _place(pieces, chance)
    loaded = hostile(pieces[place].with_(payload=b"", codec=Codec.RAW), chance).with_(payload=bomb(chance))
    packed = zlib.compress(loaded.payload, 6)
    codec = chance.choice((Codec.ZLIB, Codec.ZLIB, Codec.RAW))
    pieces[place] = loaded.with_(codec=codec, payload=packed if codec == Codec.ZLIB else loaded.payload[:100_000])


def times(pieces: Frames, chance: Chance, _: list[bytes]) -> None:
    """From one frame on it is another time, everything else in order."""
    place = _place(pieces, chance)
    shift = chance.choice((1, -1)) * chance.choice((1, 10**3, 10**7, 10**10, 10**13, LAST_MS))
    end = chance.choice((place + 1, len(pieces)))
    pieces[place:end] = [piece.with_(recv_ms=piece.recv_ms + shift) for piece in pieces[place:end]]


FRAME_OPS: tuple[Callable[[Frames, Chance, list[bytes]], None], ...] = (
    payload,
    payload,
    payload,
    payload,
    key,
    key,
    header,
    header,
    drop,
    double,
    swap,
    splice,
    exploding,
    times,
)


def chance_of(seed: int, number: int) -> Chance:
    """The dice of one file."""
    return random.Random(f"{seed}/{number}")
