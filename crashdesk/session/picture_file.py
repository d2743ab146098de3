"""The last picture on the disk, so that a desk has something to show before its recording is read.

A cache: versioned by what the classes look like, written atomically, and no picture at all when anything in it is odd.
Values stand as JSON lists that begin with the name of their class; arrays of numbers are base64.
"""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir
from crashdesk.model import kinds, largest, level, marks, timeframe
from crashdesk.model.errors import CrashdeskError
from crashdesk.session import level_views, liquidation_views, stress_views, ticker_views, views

_TAPE_ROWS = 120
_MOST_BYTES = 4_000_000
_BEGINNING = 56
"""Bytes of a recording that tell it from others: with the time and the checksum of its first frame."""
_VALUES = (
    views.TickerRow, views.MemberMove, views.UnusedMember, views.SectorTile, views.SectorsView, views.Breadth,
    views.ChartView, views.TimelineItem, views.FeedLine, views.VenueLine, views.StatusView, views.TransportView,
    views.ScrubberView, views.DeskView, views.AlertView, views.SeriesRow, ticker_views.TickerMore,
    stress_views.StressPart, stress_views.StressView,
    level_views.LevelRow, level_views.LevelChange, level_views.LadderView, level.TrendLine, level.Point,
    liquidation_views.Totals, liquidation_views.WindowTotals, liquidation_views.NamedTotals,
    liquidation_views.SizeTotals, liquidation_views.ProfileBin, liquidation_views.CoverageRow,
    liquidation_views.LiquidationsView, liquidation_views.FeedRow, liquidation_views.FeedView,
    liquidation_views.FeedFilter, largest.LargestLiquidation, marks.Event, marks.Gap,
)  # fmt: skip
_NAMES = (
    views.WeightMode, views.Mode, level.LevelKind, level.LevelState, kinds.Side, kinds.Method, kinds.HealthState,
    kinds.Feed, kinds.Precision, kinds.EventKind, timeframe.Timeframe, stress_views.PartKind,
)  # fmt: skip
_SCALARS = (str, int, float, type(None))


class PictureFile:
    """Keeps one picture in `path`; that of a `recording` is not taken for one of another that came into its place."""

    def __init__(self, path: Path, recording: Path | None = None) -> None:
        self._path = path
        self._recording = recording

    def load(self) -> views.DeskView | None:
        """The picture that was kept, None when there is none that can be used."""
        try:
            with self._path.open(encoding="utf-8") as file:
                text = file.read(_MOST_BYTES)
            version, packed = json.loads(text)
            view = _reader()(packed) if version == self._version() else None
        except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
            return None
        return view if isinstance(view, views.DeskView) else None

    def save(self, view: views.DeskView) -> None:
        """Keep a picture; that it cannot be kept is no matter."""
        tape = liquidation_views.FeedView(view.feed.rows[-_TAPE_ROWS:], view.feed.total)
        with suppress(OSError, CrashdeskError):
            text = json.dumps([self._version(), _pack(view._replace(feed=tape))], separators=(",", ":"))
            ensure_dir(self._path.parent)
            write_atomic(self._path, text)

    def _version(self) -> str:
        """What a picture must be of to be used: these classes, and this recording. Raises OSError."""
        if self._recording is None:
            return _version()
        with self._recording.open("rb") as file:
            return f"{_version()};{file.read(_BEGINNING).hex()}"


def _version() -> str:
    """Changes with every class that a picture is made of."""
    return ";".join(f"{cls.__name__}:{','.join(cls.__annotations__)}" for cls in _VALUES)


def _pack(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return [type(value).__name__, value.value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, array):
        return ["array", value.typecode, base64.b64encode(value.tobytes()).decode("ascii")]
    if isinstance(value, _VALUES):
        return [type(value).__name__, *(_pack(getattr(value, name)) for name in type(value).__annotations__)]
    if all(type(part) in _SCALARS for part in value):
        return ["plain", *value]
    return ["tuple", *map(_pack, value)]


def _reader() -> Callable[[Any], Any]:
    makers: dict[str, Callable[..., Any]] = {cls.__name__: cls for cls in (*_VALUES, *_NAMES)}

    def numbers(typecode: str, packed: str) -> array[Any]:
        return array(typecode, base64.b64decode(packed, validate=True))

    def read(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        tag = value[0]
        if tag == "plain":
            return tuple(value[1:])
        if tag == "array":
            return numbers(value[1], value[2])
        parts = [read(part) if type(part) is list else part for part in value[1:]]
        return tuple(parts) if tag == "tuple" else makers[tag](*parts)

    return read
