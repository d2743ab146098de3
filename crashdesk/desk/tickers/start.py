"""What the tickers open with."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from crashdesk.config.ticker_settings import ALL_GROUP, USUAL_COLUMNS, TickerGroup

Sectors = Callable[[], Mapping[str, tuple[str, ...]]]
"""Names of sectors and groups of the baskets to their coins; asked when a group needs them, once."""


class TickerStart(NamedTuple):
    """Columns in their order, the user's groups, and the name of the one shown."""

    columns: tuple[str, ...] = USUAL_COLUMNS
    groups: tuple[TickerGroup, ...] = ()
    group: str = ALL_GROUP
    sectors: Sectors = dict
