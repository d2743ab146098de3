"""Start prices, such that every coin and every sector comes out at its published 24h change."""

from __future__ import annotations

from crashdesk.scenarios.description import Coin, Description, Sector


def start_prices(description: Description) -> dict[str, int]:
    """The price of each coin 24 hours before the end, in its own ticks."""
    return {name: ticks for sector in description.sectors for name, ticks in _sector(sector).items()}


def change_pct(last: int, base: int) -> float:
    """Change in % from `base` to `last`, both in ticks."""
    return (last / base - 1.0) * 100.0


def _base(coin: Coin, pct: float) -> int:
    return round(coin.last / (1.0 + pct / 100.0))


def _sector(sector: Sector) -> dict[str, int]:
    """Move the coins without a published change together, then the one with the finest ticks by what rounding left."""
    bases = {coin.base_coin: coin.base or _base(coin, coin.change_pct) for coin in sector.coins}
    if sector.change_pct is None:
        return bases
    loose = [coin for coin in sector.coins if not coin.exact]
    shift = _missing(sector, sector.change_pct, bases) / len(loose)
    for coin in loose:
        bases[coin.base_coin] = _base(coin, coin.change_pct + shift)
    finest = max(loose, key=lambda coin: coin.last)
    now = change_pct(finest.last, bases[finest.base_coin])
    bases[finest.base_coin] = _base(finest, now + _missing(sector, sector.change_pct, bases))
    return bases


def _missing(sector: Sector, mean_pct: float, bases: dict[str, int]) -> float:
    """How many % the members' changes lack, added up, to the published mean."""
    total = 0.0
    for coin in sector.coins:
        total += change_pct(coin.last, bases[coin.base_coin])
    return mean_pct * len(sector.coins) - total
