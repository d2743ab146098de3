"""Which ticker rows are shown, and in which order: put once, then kept until it is asked for again."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from crashdesk.config.ticker_settings import USUAL_COLUMNS
from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.tickers.columns import COLUMNS, Column
from crashdesk.session.views import TickerRow


class Sorting(NamedTuple):
    """By which column; `live` sorts again with every picture."""

    column: Column
    descending: bool
    live: bool


class TickerOrder:
    """Remembers the order of symbols between pictures.

    `sorted_ms` is when it was put (UTC ms), `holds` whether the rows of the last picture still stand in it.
    """

    def __init__(self) -> None:
        self.sorting: Sorting | None = None
        self.query = ""
        self.sorted_ms: int | None = None
        self.holds = True
        self._symbols: list[str] = []

    def sort_by(self, letter: str, names: Sequence[str] = USUAL_COLUMNS) -> bool:
        """Sort by the column of `names` with this letter; the same letter again keeps sorting live.

        False when there is none.
        """
        column = next((COLUMNS[name] for name in names if COLUMNS[name].letter == letter.lower()), None)
        if column is None:
            return False
        again = self.sorting is not None and self.sorting.column is column
        self.sorting = Sorting(column, column.falling, again)
        self._symbols = []
        return True

    def reverse(self) -> None:
        """The other way round."""
        if self.sorting is None:
            self._symbols.reverse()
        else:
            old = self.sorting
            self.sorting = Sorting(old.column, not old.descending, old.live)
            self._symbols = []

    def keep_columns(self, names: Sequence[str]) -> None:
        """The columns are these: an order by another one stays as it stands, and is no longer told of."""
        if self.sorting is not None and self.sorting.column.id not in names:
            self.sorting = None

    def rows(
        self, rows: Sequence[TickerRow], now_ms: int = 0, within: Collection[str] | None = None
    ) -> list[TickerRow]:
        """Those that match the filter, in order; symbols that are new come last. `now_ms` is the picture's time.

        `within` are the symbols of the group that is shown, None for all: the others keep their places meanwhile.
        """
        by_symbol = {row.symbol: row for row in rows}
        if self.sorting is not None and (self.sorting.live or not self._symbols):
            self._symbols = [row.symbol for row in _sorted(rows, self.sorting)]
            self.sorted_ms = now_ms
        known = set(self._symbols)
        self._symbols = [symbol for symbol in self._symbols if symbol in by_symbol]
        self._symbols += [row.symbol for row in rows if row.symbol not in known]
        ordered = [by_symbol[symbol] for symbol in self._symbols]
        self.holds = self.sorting is None or _in_order(ordered, self.sorting)
        if within is not None:
            ordered = [row for row in ordered if row.symbol in within]
        if not self.query:
            return ordered
        return [row for row in ordered if fuzzy(self.query, row.symbol) is not None]


def _sorted(rows: Sequence[TickerRow], sorting: Sorting) -> list[TickerRow]:
    """Rows whose value is unknown stay last whatever the direction."""
    value = sorting.column.value
    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    return sorted(known, key=value, reverse=sorting.descending) + unknown  # type: ignore[arg-type]


def _in_order(rows: Sequence[TickerRow], sorting: Sorting) -> bool:
    """Whether sorting again would change nothing that is seen: equal values may stand either way."""
    value = sorting.column.value
    return [value(row) for row in rows] == [value(row) for row in _sorted(rows, sorting)]
