"""How the desk is started for a bench, and how one sees that it is there."""

from __future__ import annotations

import re
import sys

from bench.place import SCENARIO
from bench.screen import Screen

DEMO = (sys.executable, "-m", "crashdesk", "demo", SCENARIO)
LIVE = (sys.executable, "-m", "crashdesk")
EMPTY = (sys.executable, "-m", "bench.empty_app")

_STATUS = re.compile(r"REPLAY.*\d\d:\d\d:\d\d.*falling \d+/\d+.*liq 24h\*? \$[\d.]+")
_TICKERS = re.compile(r"\b(?:BTC|ETH|SOL|XRP|BNB)\b +[\d,.]+ ")
_TILES = re.compile(r"[−-]\d+\.\d\d? ?%")
_TOTALS = re.compile(r"\b(1h|4h|12h|24h)\*? +\$[\d.,]+\S* ")
_SECTORS = ("SocialFi", "Layer2", "DeFi", "Layer1", "Meme", "CeFi", "PayFi")


def useful(screen: Screen) -> bool:
    """Whether status line, ticker rows, sector tiles and liquidation totals are there with their values."""
    text = screen.text()
    return _STATUS.search(text) is not None and _has_values(text)


def useful_live(screen: Screen) -> bool:
    """The same of a live desk, which may still wait for its recorder."""
    text = screen.text()
    return "LIVE" in text and _has_values(text)


def _has_values(text: str) -> bool:
    if "SocialFi" not in text:
        return False
    sectors = sum(1 for name in _SECTORS if name in text)
    windows = {match.group(1) for match in _TOTALS.finditer(text)}
    return sectors >= 5 and len(_TICKERS.findall(text)) >= 3 and len(_TILES.findall(text)) >= 5 and len(windows) >= 3
