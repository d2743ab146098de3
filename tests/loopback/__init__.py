"""Loopback venues: small servers that speak the exchanges' own REST and WebSocket formats on 127.0.0.1.

The product's real ccxt classes reach them through `api_url` and `ws_url`. By hand: `python -m tests.loopback --help`.
"""

from __future__ import annotations

from tests.loopback.coins import COINS, Coin, many_coins
from tests.loopback.forced import Forced
from tests.loopback.market import Market
from tests.loopback.server import LoopbackVenues

__all__ = ["COINS", "Coin", "Forced", "LoopbackVenues", "Market", "many_coins"]
