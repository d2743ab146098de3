"""What one recording's books of liquidations share, however often one is made anew by a seek."""

from __future__ import annotations

from crashdesk.session.liquidations.facts import KnownFacts
from crashdesk.session.liquidations.profile import KnownBins


class KnownLiquidations:
    """Found out once for all seeks: it depends on what is recorded alone."""

    def __init__(self) -> None:
        self.facts = KnownFacts()
        self.bins = KnownBins()
