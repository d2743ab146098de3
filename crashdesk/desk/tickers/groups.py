"""Groups of symbols: all, the user's own, the most traded, perpetuals, stocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest

from crashdesk.config.ticker_settings import ALL_GROUP, SECTOR, TickerGroup, top_of
from crashdesk.desk.tickers.start import TickerStart
from crashdesk.session.views import TickerRow

PERPS = "perps"
_PERPETUAL = ":"
BUILT_IN = (
    TickerGroup("top 20", ("top 20 by volume",)),
    TickerGroup(PERPS, (_PERPETUAL,)),
    TickerGroup("stocks", (f"{SECTOR}Stocks",)),
)


class Groups:
    """The groups in their order, and the one that is shown. Who belongs to it is asked anew with every picture."""

    def __init__(self, start: TickerStart) -> None:
        own = {group.name.casefold() for group in start.groups}
        built_in = tuple(group for group in BUILT_IN if group.name not in own)
        self._groups = (TickerGroup(ALL_GROUP, ()), *start.groups, *built_in)
        self._sectors = start.sectors
        self._coins: Mapping[str, tuple[str, ...]] | None = None
        self.shown = self._groups[0]
        self.choose(start.group)

    @property
    def names(self) -> tuple[str, ...]:
        """What can be chosen."""
        return tuple(group.name for group in self._groups)

    def choose(self, name: str) -> bool:
        """Show the group of that name, in any case; False when there is none."""
        found = next((group for group in self._groups if group.name.casefold() == name.casefold()), None)
        if found is not None:
            self.shown = found
        return found is not None

    def step(self, direction: int, rows: Sequence[TickerRow]) -> None:
        """The next (+1) or previous (-1) group that has any of `rows`."""
        at, count = self._groups.index(self.shown), len(self._groups)
        turns = (self._groups[(at + direction * turn) % count] for turn in range(1, count + 1))
        self.shown = next(group for group in turns if group.name == ALL_GROUP or self._of(group, rows))

    def members(self, rows: Sequence[TickerRow]) -> frozenset[str] | None:
        """The symbols of the group that is shown; None for all."""
        return None if self.shown.name == ALL_GROUP else self._of(self.shown, rows)

    def _of(self, group: TickerGroup, rows: Sequence[TickerRow]) -> frozenset[str]:
        return frozenset(symbol for member in group.members for symbol in self._symbols(member, rows))

    def _symbols(self, member: str, rows: Sequence[TickerRow]) -> list[str]:
        most = top_of(member)
        if most is not None:
            known = [(row.volume_24h_usd, row.symbol) for row in rows if row.volume_24h_usd is not None]
            return [symbol for _, symbol in nlargest(most, known)]
        if member.startswith(SECTOR):
            coins = self._coins_of(member.removeprefix(SECTOR))
            return [row.symbol for row in rows if row.base in coins]
        if member == _PERPETUAL:
            return [row.symbol for row in rows if _PERPETUAL in row.symbol]
        return [row.symbol for row in rows if member in {row.symbol.upper(), row.base.upper()}]

    def _coins_of(self, sector: str) -> tuple[str, ...]:
        if self._coins is None:
            self._coins = {name.casefold(): coins for name, coins in self._sectors().items()}
        return self._coins.get(sector.casefold(), ())
