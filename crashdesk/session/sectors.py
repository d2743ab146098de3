"""Sector changes and breadth from baskets of coins."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum, log2

from crashdesk.model.basket import Basket, Baskets
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.views import Breadth, MemberMove, SectorsView, SectorTile, TickerRow, UnusedMember, WeightMode

_FRESH_MS = HOUR_MS
_STEPS = 4
"""Steps of an area in a doubling."""


def _stepped(weight: float) -> float:
    """The nearest step of a scale on which each is a fifth larger than the one before."""
    return 2.0 ** (round(log2(weight) * _STEPS) / _STEPS) if weight > 0 else 0.0


def _weight(mode: WeightMode, cap: float | None, row: TickerRow | None) -> float | None:
    if mode is WeightMode.EQUAL:
        return 1.0
    weight = cap if mode is WeightMode.CAP else row.volume_24h_usd if row is not None else None
    return weight if weight is not None and weight > 0 else None


def _tile(basket: Basket, rows: dict[str, TickerRow], mode: WeightMode) -> tuple[SectorTile, float]:
    """A sector's tile without its share, and its area."""
    found = [rows.get(coin) for coin in basket.members]
    weights = [_weight(mode, cap, row) for cap, row in zip(basket.caps, found, strict=True)]
    areas = [_stepped(w or 0.0) if mode is WeightMode.VOLUME else w or 0.0 for w in weights]
    whole = fsum(areas)
    moves, used, unused = [], [], []
    for coin, row, weight, area in zip(basket.members, found, weights, areas, strict=True):
        share, change = area / whole if whole else 0.0, row.change_24h_pct if row is not None else None
        if row is None or change is None or weight is None:
            unused.append(UnusedMember(coin, change, share))
        else:
            moves.append(MemberMove(coin, row.symbol, change, share))
            used.append(weight)
    mean = fsum(w * m.change_24h_pct for w, m in zip(used, moves, strict=True)) / fsum(used) if moves else None
    ranked = tuple(sorted(moves, key=lambda m: (m.change_24h_pct, m.coin)))
    area = _stepped(fsum(w for w in weights if w is not None)) if mode is WeightMode.VOLUME else whole
    return SectorTile(basket.name, mean, len(basket.members), len(moves), ranked, 0.0, tuple(unused)), area


def sectors_view(baskets: Baskets, tickers: Iterable[TickerRow], mode: WeightMode, now_ms: int) -> SectorsView:
    """The change of every sector: the weighted mean of its members' 24h changes.

    Weights are equal, the 24h volume, or the basket's static caps; members without a 24h change (or a weight), or whose
    quote is over an hour old at `now_ms`, are not used, and the tile says how many are. A tile's share is its sum of
    weights (equal: of members) among all, whether there are prices or not; volumes go in steps of a fifth, because a
    tile that grew with every trade would make all the others jump.
    """
    rows = _by_coin(tickers, now_ms)
    made = [_tile(basket, rows, mode) for basket in baskets.sectors]
    whole = fsum(area for _, area in made) or 1.0
    tiles = [tile._replace(share=area / whole) for tile, area in made]
    tiles.sort(key=lambda t: (t.change_24h_pct is None, t.change_24h_pct or 0.0, t.name))
    return SectorsView(
        title=baskets.title,
        weights=mode,
        tiles=tuple(tiles),
        members=sum(t.members for t in tiles),
        members_used=sum(t.members_used for t in tiles),
        groups=_groups(baskets, rows),
    )


def _groups(baskets: Baskets, rows: dict[str, TickerRow]) -> tuple[SectorTile, ...]:
    """The groups that have data; in size they are to the sectors as their used members to all of theirs."""
    members = sum(len(basket.members) for basket in baskets.sectors) or 1
    made = (_tile(basket, rows, WeightMode.EQUAL)[0] for basket in baskets.groups)
    return tuple(tile._replace(share=tile.members_used / members) for tile in made if tile.members_used)


def breadth(baskets: Baskets, tickers: Iterable[TickerRow], now_ms: int) -> Breadth:
    """Members falling over 24 h and members under their SMA200."""
    rows = _by_coin(tickers, now_ms)
    members = [coin for basket in baskets.sectors for coin in basket.members]
    found = [rows[coin] for coin in members if coin in rows]
    used = [row for row in found if row.change_24h_pct is not None]
    return Breadth(
        falling=sum(1 for row in used if row.change_24h_pct is not None and row.change_24h_pct < 0),
        members_used=len(used),
        members=len(members),
        below_sma200=sum(1 for row in found if row.sma200 is not None and row.last < row.sma200),
    )


def speaking_rows(baskets: Baskets, tickers: Iterable[TickerRow], now_ms: int) -> tuple[TickerRow, ...]:
    """The row of every sector member that has one, in the order of the baskets."""
    rows = _by_coin(tickers, now_ms)
    return tuple(rows[coin] for basket in baskets.sectors for coin in basket.members if coin in rows)


def fallen(baskets: Baskets, tickers: Iterable[TickerRow], now_ms: int, least_pct: float) -> tuple[int, int]:
    """How many members fell by `least_pct` percent or more within the last hour, of how many with a 1h change."""
    changes = [row.change_1h_pct for row in speaking_rows(baskets, tickers, now_ms)]
    known = [change for change in changes if change is not None]
    return sum(change <= -least_pct for change in known), len(known)


def fresh_until_ms(tickers: Iterable[TickerRow], now_ms: int) -> int:
    """The first moment after `now_ms` at which a row that counts now is too old to; what is made of the rows here
    holds until then.
    """
    fresh = (row.recv_ms for row in tickers if now_ms - row.recv_ms <= _FRESH_MS)
    return min(fresh, default=now_ms) + _FRESH_MS + 1


def _by_coin(tickers: Iterable[TickerRow], now_ms: int) -> dict[str, TickerRow]:
    """The row that speaks for a coin: its first with a 24h change, else its first."""
    rows: dict[str, TickerRow] = {}
    for row in tickers:
        if now_ms - row.recv_ms > _FRESH_MS:
            continue
        known = rows.get(row.base)
        if known is None or (known.change_24h_pct is None and row.change_24h_pct is not None):
            rows[row.base] = row
    return rows
