"""What the states of one recording share, however often one is made anew by a seek."""

from __future__ import annotations

from crashdesk.session.known_bars import KnownBars
from crashdesk.session.known_days import KnownDays
from crashdesk.session.liquidations.known import KnownLiquidations
from crashdesk.session.past_perps import KnownPerps


class Known:
    """Found out once for all seeks: it depends on what is recorded alone."""

    def __init__(self) -> None:
        self.days = KnownDays()
        self.bars = KnownBars()
        self.liquidations = KnownLiquidations()
        self.perps = KnownPerps()
