"""A venue's market list: asked from the venue, trimmed, cached on disk, and turned into instruments and contracts."""

from __future__ import annotations

import contextlib
import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

from crashdesk.config.settings import VenueSettings
from crashdesk.model.records import Instrument, MarketKind
from crashdesk.model.text import clean
from crashdesk.venues.normalise.rows import Contract

USD_QUOTES = ("USDT", "USD", "USDC")
_DOLLARS = (*USD_QUOTES, "FDUSD", "BUSD", "USD1", "USDE")
"""Quote currencies whose contracts' liquidations are counted in dollars."""
FRESH_MS = 24 * 3_600_000
STALE_MS = 30 * FRESH_MS
_VERSION = 2
_KEPT = (
    "id", "lowercaseId", "symbol", "base", "quote", "settle", "baseId", "quoteId", "settleId", "type", "subType",
    "spot", "margin", "swap", "future", "option", "contract", "linear", "inverse", "contractSize", "active",
    "precision", "altname", "wsId",
)  # fmt: skip

Market = dict[str, Any]
"""One of ccxt's market dicts, trimmed."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a venue lists: instruments by symbol, contracts by the venue's id, and the ids by symbol.

    `dated` are the futures that end, by symbol: known for their liquidations, not asked for prices.
    """

    instruments: Mapping[str, Instrument]
    dated: Mapping[str, Instrument]
    contracts: Mapping[str, Contract]
    ids: Mapping[str, str]


def trim(markets: Sequence[Market], also: Sequence[str]) -> list[Market]:
    """Active spot, perpetual and future markets in dollars, and those named in `also`, without what is never read.

    Of markets with one symbol the first counts; Kraken's dark pools (`XXBTZUSD.d`) share the symbols of its books.
    """
    kept = []
    symbols = set()
    for market in markets:
        kind = market.get("spot") or market.get("swap") or market.get("future")
        if not kind or market.get("active") is False or market.get("darkpool"):
            continue
        if market.get("symbol") in symbols:
            continue
        symbols.add(market.get("symbol"))
        quotes = USD_QUOTES if market.get("spot") else _DOLLARS
        if market.get("quote") in quotes or market.get("symbol") in also:
            kept.append({key: market[key] for key in _KEPT if market.get(key) is not None} | {"info": {}})
    return kept


def listing(venue: str, markets: Sequence[Market], *, spot_positions: bool = False) -> Listing:
    """Instruments and contracts of ccxt's market dicts. A market that makes no sense is left out.

    With `spot_positions` a spot pair is a contract of one coin as well: margin positions in it are liquidated.
    """
    instruments: dict[str, Instrument] = {}
    dated: dict[str, Instrument] = {}
    contracts: dict[str, Contract] = {}
    ids: dict[str, str] = {}
    for market in markets:
        instrument = _instrument(venue, market)
        if instrument is None:
            continue
        (dated if market.get("future") else instruments)[instrument.symbol] = instrument
        ids[instrument.symbol] = str(market["id"])
        if instrument.quote in _DOLLARS and (contract := _contract(instrument, market, spot_positions)) is not None:
            contracts[str(market["id"])] = contract
    return Listing(instruments, dated, contracts, ids)


def _contract(instrument: Instrument, market: Market, spot_positions: bool) -> Contract | None:
    if instrument.contract_size is None:
        return Contract(instrument.symbol, MarketKind.LINEAR, Decimal(1)) if spot_positions else None
    if instrument.kind is MarketKind.INVERSE and market.get("settle") not in (None, instrument.base):
        return None  # a quanto contract: what it is worth in dollars depends on a third price
    return Contract(instrument.symbol, instrument.kind, Decimal(str(market["contractSize"])))


def _instrument(venue: str, market: Market) -> Instrument | None:
    symbol, base, quote = (market.get(key) for key in ("symbol", "base", "quote"))
    if not all(isinstance(text, str) and text and clean(text, 64) == text for text in (symbol, base, quote)):
        return None
    kind = MarketKind.SPOT if market.get("spot") else MarketKind.INVERSE if market.get("inverse") else MarketKind.LINEAR
    size = None if kind is MarketKind.SPOT else _size(market.get("contractSize"))
    if kind is not MarketKind.SPOT and size is None:
        return None
    return Instrument(venue, str(symbol), str(base), str(quote), kind, size, _decimals(market.get("precision")))


def _size(value: object) -> float | None:
    try:
        size = Decimal(str(value))
    except InvalidOperation:
        return None
    return float(size) if size.is_finite() and size > 0 else None


def _decimals(precision: object) -> int:
    """Digits behind the point of a tick size (ccxt's TICK_SIZE mode, which all wired venues use)."""
    tick = precision.get("price") if isinstance(precision, dict) else None
    if not isinstance(tick, int | float) or not math.isfinite(tick) or tick <= 0:
        return 2
    exponent = Decimal(repr(tick)).normalize().as_tuple().exponent
    return min(12, max(0, -exponent)) if isinstance(exponent, int) else 2


def cache_file(cache_dir: Path, settings: VenueSettings) -> Path:
    """Where a venue's market list is cached; another host has its own."""
    host = sha256((settings.api_url or "").encode()).hexdigest()[:8]
    return cache_dir / "markets" / f"{settings.exchange}-{host}.json"


def read_cache(path: Path, exchange: str, now_ms: int, oldest_ms: int) -> list[Market] | None:
    """The cached markets if they are of this version and exchange and no older than `oldest_ms`, else None.

    Never raises: a cache that cannot be read is as good as none.
    """
    try:
        raw = json.loads(path.read_bytes())
        if raw["version"] != _VERSION or raw["exchange"] != exchange:
            return None
        age = now_ms - int(raw["saved_ms"])
        markets = raw["markets"]
        whole = isinstance(markets, list) and all(isinstance(market, dict) and "id" in market for market in markets)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return markets if whole and markets and 0 <= age <= oldest_ms else None


def write_cache(path: Path, exchange: str, now_ms: int, markets: Sequence[Market]) -> None:
    """Replace the cached markets at once or not at all, readable by the owner only. Never raises."""
    body = {"version": _VERSION, "exchange": exchange, "saved_ms": now_ms, "markets": list(markets)}
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(body, file, separators=(",", ":"))
        Path(temporary).replace(path)
    except (OSError, ValueError, TypeError):
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
