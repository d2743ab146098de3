"""What can be asked of `crashdesk show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crashdesk.session.views import WeightMode

TABS = ("windows", "venues", "coins", "sizes", "largest", "tape")
"""What there is of the liquidations, the first one unless another is named."""


class Asked(NamedTuple):
    """A `pane`; of the liquidations a `tab` and its `window` (`free_ms` is its width); of the levels a `symbol`.

    `weights` are those of the sectors, `dislocation_pct` is the spread that tickers warn of.
    """

    pane: str
    tab: str
    window: str
    free_ms: int | None
    symbol: str
    weights: WeightMode
    dislocation_pct: float

    @property
    def part(self) -> str:
        """The pane, or the tab that is one of its own."""
        return self.tab if self.pane == "liquidations" else self.pane
