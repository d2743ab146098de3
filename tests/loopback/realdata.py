"""Real candles from a folder of CSV files, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Row:
    """One candle; `volume` in coins."""

    open: float
    high: float
    low: float
    close: float
    volume: float


class RealCandles:
    """A folder's `daily/binance_{COIN}USDT_1d.csv` and `hourly/binance_{COIN}USDT_1h.csv`."""

    def __init__(self, folder: Path) -> None:
        self._days = {_coin(path): _read(path) for path in sorted((folder / "daily").glob("binance_*USDT_1d.csv"))}
        self._hours = {_coin(path): _read(path) for path in sorted((folder / "hourly").glob("binance_*USDT_1h.csv"))}
        if not self._days:
            raise FileNotFoundError(f"no daily/binance_*USDT_1d.csv in {folder}")

    @property
    def coins(self) -> tuple[str, ...]:
        """The coins with real daily candles."""
        return tuple(self._days)

    def exact(self, coin: str, length_ms: int, open_ms: int) -> Row | None:
        """The row as it was recorded, for a day or an hour; None where there is none."""
        if length_ms == _DAY_MS:
            return self._days.get(coin, {}).get(open_ms)
        if length_ms == _HOUR_MS:
            return self._hours.get(coin, {}).get(open_ms)
        return None

    def day(self, coin: str, number: int) -> Row | None:
        """The daily row of the day with that number since 1970."""
        return self._days.get(coin, {}).get(number * _DAY_MS)

    def hours(self, coin: str, number: int) -> list[Row] | None:
        """The 24 hourly rows of a day, None when any is missing."""
        table = self._hours.get(coin, {})
        rows = [row for hour in range(24) if (row := table.get(number * _DAY_MS + hour * _HOUR_MS)) is not None]
        return rows if len(rows) == 24 else None

    def edge(self, coin: str, number: int) -> tuple[int, float] | None:
        """For a day outside the real ones: the day number and the price where the made-up path has to meet them."""
        table = self._days.get(coin)
        if not table:
            return None
        first, last = min(table), max(table)
        if number * _DAY_MS < first:
            return first // _DAY_MS, table[first].open
        return last // _DAY_MS + 1, table[last].close


def _coin(path: Path) -> str:
    return path.name.removeprefix("binance_").split("USDT_", 1)[0]


def _read(path: Path) -> dict[int, Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return {
            _ms(line["timestamp"]): Row(*(float(line[key]) for key in ("open", "high", "low", "close", "volume")))
            for line in csv.DictReader(handle)
        }


def _ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
