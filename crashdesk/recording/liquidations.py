"""LIQUIDATIONS frames: figures and raw payloads apart, so that sums need no raw; each frame readable by itself.

The payload: a varint (twice the number of rows, plus 1 for the wide layout); the figures (module `figures`), narrow as
they are, wide as a varint with their length and a deflate stream; then the raw payloads as UTF-8 with a byte FF between
them, as a deflate stream with the preset dictionary `raw_words.WORDS`, nothing when all of them are empty. The streams
have no zlib head and checksum: the frame has one. Which layout is taken, the size decides.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice

from crashdesk.model.columns import LiqKey, LiquidationColumns
from crashdesk.model.records import Liquidation
from crashdesk.recording.figures import (
    BASES,
    NARROW,
    SIDES,
    Figures,
    check_figures,
    figures_of,
    join_figures,
    pack_narrow,
    pack_wide,
    take_narrow,
    take_wide,
)
from crashdesk.recording.format import deflate, inflate
from crashdesk.recording.numbers import pack_varints, take_varint
from crashdesk.recording.raw_words import WORDS

_FEW = 32
"""So few rows are only a little smaller in the wide layout, and sooner read in the narrow one, if they fit it."""
_BETWEEN = b"\xff"
_LONG_VARINT = 128
Names = Sequence[tuple[str, str]]


def encode_liquidations(recv_ms: int, rows: Sequence[tuple[int, Liquidation]]) -> bytes:
    """Liquidations with their instruments' ids. Raises OverflowError when a number does not fit."""
    head, figures = _pack_figures(recv_ms, figures_of(rows))
    return b"".join((head, figures, _pack_raw([row.raw for _, row in rows])))


def _pack_figures(recv_ms: int, figures: Figures) -> tuple[bytes, bytes]:
    count = len(figures.words)
    narrow = pack_narrow(recv_ms, figures)
    wide = deflate(pack_wide(recv_ms, figures), bare=True) if narrow is None or count > _FEW else None
    if narrow is not None and (wide is None or len(narrow) <= len(wide)):
        return pack_varints((count << 1,)), narrow
    wide = wide or b""
    return pack_varints((count << 1 | 1, len(wide))), wide


def _pack_raw(raws: Sequence[str]) -> bytes:
    if not any(raws):
        return b""
    return deflate(_BETWEEN.join(raw.encode("utf-8", "surrogatepass") for raw in raws), WORDS, bare=True)


def _inflate(stored: bytes, dictionary: bytes = b"") -> bytes:
    plain = inflate(stored, dictionary, bare=True)
    if plain is None:
        raise ValueError("a broken stream")
    return plain


class _Parts:
    """Where in a payload is what."""

    __slots__ = ("count", "end", "start", "wide")

    def __init__(self, payload: bytes) -> None:
        head, at = take_varint(payload, 0)
        self.count, self.wide = head >> 1, head & 1
        if self.wide:
            length, at = take_varint(payload, at)
        else:
            length = self.count * NARROW.size
        self.start, self.end = at, at + length
        if self.end > len(payload):
            raise ValueError("the figures are cut off")


def decode_liquidations(recv_ms: int, payload: bytes, names: Names) -> list[Liquidation]:
    """The reverse. Raises ValueError, IndexError, OverflowError or struct.error when the payload does not hold."""
    figures = check_figures(decode_figures([(recv_ms, payload)]), len(names))
    raws = _take_raw(payload[_Parts(payload).end :], len(figures.words))
    rows = []
    for word, ts_ms, price, amount, usd, raw in zip(*figures, raws, strict=True):
        venue, symbol = names[word >> 3]
        rows.append(Liquidation(venue, symbol, ts_ms, SIDES[word & 1], price, amount, usd, BASES[word >> 1 & 3], raw))
    return rows


def decode_each(frames: Sequence[tuple[int, bytes]], names: Names) -> list[tuple[Liquidation, ...]]:
    """The rows of each frame, (recv_ms, payload), without their raw payloads: many small frames are read as one.

    Raises what `decode_liquidations` raises.
    """
    words, *others = check_figures(decode_figures(frames), len(names))
    kinds = {word: (*names[word >> 3], SIDES[word & 1], BASES[word >> 1 & 3]) for word in set(words)}
    rows = (
        Liquidation(kind[0], kind[1], ts_ms, kind[2], price, amount, usd, kind[3], "")
        for kind, ts_ms, price, amount, usd in zip(map(kinds.__getitem__, words), *others, strict=True)
    )
    return [tuple(islice(rows, _count(payload))) for _, payload in frames]


def _count(payload: bytes) -> int:
    head = payload[0] if payload else _LONG_VARINT
    return head >> 1 if head < _LONG_VARINT else _Parts(payload).count


def _take_raw(stored: bytes, count: int) -> list[str]:
    if not stored:
        return [""] * count
    return [part.decode("utf-8", "surrogatepass") for part in _inflate(stored, WORDS).split(_BETWEEN)]


def decode_figures(frames: Sequence[tuple[int, bytes]]) -> Figures:
    """The unchecked figures of frames, each (recv_ms, payload), one behind the other; raw is not looked at.

    Raises ValueError, OverflowError or struct.error when a payload does not hold.
    """
    parts: list[Figures] = []
    run: list[tuple[int, bytes]] = []
    for recv_ms, payload in frames:
        head = payload[0] if payload else 1
        if head < _LONG_VARINT and not head & 1:  # the short way for the many small ones
            end = 1 + (head >> 1) * NARROW.size
            if end > len(payload):
                raise ValueError("the figures are cut off")
            run.append((recv_ms, payload[1:end]))
            continue
        place = _Parts(payload)
        data = payload[place.start : place.end]
        if not place.wide:
            run.append((recv_ms, data))
            continue
        if run:
            parts.append(take_narrow(run))
            run = []
        parts.append(take_wide(recv_ms, _inflate(data), place.count))
    if run or not parts:
        parts.append(take_narrow(run))
    return join_figures(parts)


def columns_of(figures: Figures, names: Names) -> LiquidationColumns:
    """Checked figures as the columns of a chunk."""
    slots: dict[LiqKey, int] = {}
    slot_of: dict[int, int] = {}
    for word in dict.fromkeys(figures.words):
        venue, symbol = names[word >> 3]
        slot_of[word] = slots.setdefault((venue, symbol, SIDES[word & 1]), len(slots))
    return LiquidationColumns(
        tuple(slots),
        array("q", figures.ts_ms),
        array("q", figures.usd_micro),
        array("d", figures.price),
        array("d", figures.amount),
        array("H", map(slot_of.__getitem__, figures.words)),
    )
