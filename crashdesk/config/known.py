"""The words that config.toml may use, known without loading what they stand for."""

from __future__ import annotations

EXCHANGES = ("okx", "binance", "binanceusdm", "bybit", "htx", "kraken", "binancecoinm", "deribit", "gate", "bitfinex")
"""ccxt ids of the exchanges that this version speaks to, in the default order of preference for prices."""

CHART_TIMEFRAMES = ("5m", "15m", "1h", "4h", "1d", "1w")
"""The timeframes that the chart offers."""

WEIGHT_MODES = ("equal", "volume", "cap")
"""How the members of a sector are weighted."""
