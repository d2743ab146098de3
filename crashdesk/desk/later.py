"""What the first picture does not need is loaded behind it, before a key could ask for it."""

from __future__ import annotations

import asyncio
from importlib import import_module

QUIET_S = 0.3
"""After the first picture, chart included, while the thread that folds loads what it needs."""
BETWEEN_S = 0.02
MODULES = (
    "crashdesk.desk.command_line",
    "crashdesk.desk.reader",
    "crashdesk.session.stops",
    "crashdesk.session.alert_candles",
    "crashdesk.config.levels_file",
)
"""One at a time, with room for keys and pictures between them."""


async def load_later() -> None:
    """Load them all; what is there already costs nothing."""
    await asyncio.sleep(QUIET_S)
    for name in MODULES:
        import_module(name)
        await asyncio.sleep(BETWEEN_S)
