"""`python -m tests.loopback`: all venues at once, a config that points to them, and liquidations until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from crashdesk.model.clock import OFFSET_VARIABLE, SystemClock, clock_offset
from tests.loopback.coins import COINS, many_coins
from tests.loopback.market import Market
from tests.loopback.server import VENUES, LoopbackVenues
from tests.loopback.tide import Tide


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.loopback", description=__doc__)
    parser.add_argument("--config-out", type=Path, required=True, help="where the config.toml goes")
    parser.add_argument("--realdata", type=Path, help="a folder with daily/ and hourly/ candles to serve")
    parser.add_argument("--clock-ms", type=int, help="start the clock there (UTC ms), not at the present")
    parser.add_argument("--liquidations-per-second", type=float, default=2.0, metavar="R", help="0: none (default: 2)")
    parser.add_argument("--venues", default=",".join(VENUES), help=f"comma-separated, default {','.join(VENUES)}")
    parser.add_argument("--symbols", help="comma-separated unified symbols, default all against USDT")
    parser.add_argument(
        "--coins", type=int, default=len(COINS), help="how many coins are listed (default: %(default)s)"
    )
    parser.add_argument("--poll-seconds", type=float, default=1.0, help="goes into the config (default: %(default)s)")
    return parser.parse_args()


async def _serve(args: argparse.Namespace) -> None:
    offset = clock_offset(dict(os.environ))
    if args.clock_ms is not None:
        offset = args.clock_ms - time.time_ns() // 1_000_000
    market = Market(many_coins(args.coins), SystemClock(offset), args.realdata, spread=True)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with LoopbackVenues(market, args.venues.split(",")) as server:
        symbols = args.symbols.split(",") if args.symbols else None
        args.config_out.write_text(
            server.config_toml(symbols=symbols, poll_seconds=args.poll_seconds), encoding="utf-8"
        )
        print(f"{args.config_out} written; {OFFSET_VARIABLE}={offset}", flush=True)
        tide = Tide(server, args.liquidations_per_second)
        task = asyncio.create_task(tide.run()) if args.liquidations_per_second > 0 else None
        await stop.wait()
        if task:
            task.cancel()
    print(f"{tide.emitted} liquidations told, {len(server.requests)} requests answered")


if __name__ == "__main__":
    try:
        asyncio.run(_serve(_arguments()))
    except (OSError, ValueError) as error:
        sys.exit(f"loopback: {error}")
