"""Sector baskets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basket:
    """One sector: its member coins (base currencies) and their static weights for cap mode (any positive unit)."""

    name: str
    members: tuple[str, ...]
    caps: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Baskets:
    """All sectors of one list. A coin is in one sector only."""

    title: str
    as_of: str
    source: str
    sectors: tuple[Basket, ...]
