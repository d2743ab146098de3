"""Sector baskets."""

from typing import NamedTuple


class Basket(NamedTuple):
    """One sector: its member coins (base currencies) and their static weights for cap mode (any positive unit)."""

    name: str
    members: tuple[str, ...]
    caps: tuple[float | None, ...]


class Baskets(NamedTuple):
    """All sectors of one list. A coin is in one sector only.

    `groups` stand beside the sectors (stocks, say): shown as they are, but no part of the crypto market's breadth.
    """

    title: str
    as_of: str
    source: str
    sectors: tuple[Basket, ...]
    groups: tuple[Basket, ...] = ()

    @property
    def coins(self) -> tuple[str, ...]:
        """All members, of the sectors first."""
        return tuple(coin for basket in (*self.sectors, *self.groups) for coin in basket.members)
