"""What a writer refuses: records that no reader would take back."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from operator import attrgetter
from typing import cast

from crashdesk.model.records import Candle, Liquidation, PerpStats, Quote, Record
from crashdesk.recording.candles import PRICES, check_candles
from crashdesk.recording.codec import SMALL
from crashdesk.recording.format import Kind
from crashdesk.recording.quotes import check_quotes
from crashdesk.recording.small import Small, check_small
from crashdesk.recording.sound import check_usd
from crashdesk.recording.tables import check_liquidations, check_perps


def check_records(kind: Kind, records: Sequence[Record]) -> None:
    """Raises OverflowError when a number or a time in these records of one kind can be in no recording."""
    try:
        if kind is Kind.QUOTES:
            _check_quotes(cast("Sequence[Quote]", records))
        elif kind is Kind.LIQUIDATIONS:
            _check_liquidations(cast("Sequence[Liquidation]", records))
        elif kind is Kind.CANDLES:
            _check_candles(cast("Sequence[Candle]", records))
        elif kind is Kind.PERPS:
            _check_perps(cast("Sequence[PerpStats]", records))
        elif kind in SMALL:
            check_small(cast("Sequence[Small]", records))
    except (ValueError, OverflowError) as error:
        raise OverflowError(f"{len(records)} {kind.name.lower()} cannot be recorded: {error}") from None


def _check_quotes(rows: Sequence[Quote]) -> None:
    _, _, times, *columns = zip(*rows, strict=True)
    check_quotes(times, columns)


def _check_liquidations(rows: Sequence[Liquidation]) -> None:
    check_liquidations([row.ts_ms for row in rows], [row.price for row in rows], [row.amount for row in rows])
    check_usd([row.usd_micro for row in rows])


def _check_candles(rows: Sequence[Candle]) -> None:
    columns = [array("d", map(attrgetter(name), rows)) for name in PRICES]
    check_candles(array("q", [row.open_ms for row in rows]), columns)


def _check_perps(rows: Sequence[PerpStats]) -> None:
    times = [row.ts_ms for row in rows]
    check_perps(times, [row.funding_rate for row in rows], [row.open_interest_usd for row in rows])
