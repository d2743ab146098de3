"""`crashdesk record`: the worker without a screen."""

from __future__ import annotations

import argparse
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.config.settings import Roll
from crashdesk.model.errors import CrashdeskError, RecordingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crashdesk.cli.recorder_sink import Tally
    from crashdesk.model.basket import Baskets


def configure(parser: Parser) -> None:
    """Arguments of `record`."""
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="where to (default: the live recording); goes on if it is there"
    )
    parser.add_argument(
        "--for", dest="span", metavar="DURATION", help="stop after 20s, 5m, 1h30m (default: when told to)"
    )
    parser.add_argument("--roll", choices=list(Roll), help="day: a new file at 00:00 UTC (default: [recording] roll)")
    parser.add_argument("--alerts", action="store_true", help="tell alerts as well: a line each, and the commands")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Record until the time is up, Ctrl+C or SIGTERM."""
    from crashdesk.cli.moments import duration
    from crashdesk.cli.recorder import RecordPlan, record
    from crashdesk.cli.recordings import baskets_of

    out: Path = (arguments.out or context.paths.live_recording).absolute()
    if out.is_dir():
        raise UsageError(f"--out: {out} is a folder; name a file in it")
    baskets = baskets_of(context)
    plan = RecordPlan(
        out=out,
        for_ms=duration(arguments.span, "--for") if arguments.span is not None else None,
        child=arguments.child,
        coins=baskets.coins,
        automatic=arguments.child or arguments.out is None,
        roll=Roll(arguments.roll or context.settings.recording.roll),
        progress=_progress(context, out)
        if context.stderr.isatty() and not arguments.child
        else _troubles(context, "" if arguments.child else f"crashdesk: {out.name}: "),
    )
    with _alerts(context, out, baskets) if arguments.alerts else nullcontext():
        tally = record(context.settings, context.paths, context.clock, plan)
    if context.stderr.isatty() and not arguments.child:
        context.stderr.write("\n")
    if not tally.quotes and not arguments.child:
        reasons = (
            "; ".join(f"{venue}: {detail}" for venue, detail in tally.states.items()) or "no venue answered in time"
        )
        raise CrashdeskError(f"no prices were recorded: {reasons}")
    if not arguments.child:
        context.say(f"{out}: {tally.quotes:,} quotes, {tally.liquidations:,} liquidations recorded")
    return 0


@contextmanager
def _alerts(context: Context, out: Path, baskets: Baskets) -> Iterator[None]:
    """Alerts are told while the block runs. Raises RecordingError when another recorder writes already."""
    from crashdesk.cli.alert_watch import AlertTeller, AlertWatch
    from crashdesk.recording.lock import is_held, refusal

    holder = is_held(out, context.paths.runtime_dir)
    if holder is not None:
        raise RecordingError(f"{refusal(out, holder)}; alerts are told by the recorder that writes, and by a desk")
    teller = AlertTeller(context)
    watch = AlertWatch(context, out, baskets, teller.tell)
    watch.start()
    try:
        yield
    finally:
        watch.stop()
        teller.close()


def _progress(context: Context, out: Path) -> Callable[[Tally, int], None]:
    began = time.monotonic()

    def show(tally: Tally, size: int) -> None:
        said = f"{out.name}: {time.monotonic() - began:.0f} s, {tally.quotes:,} quotes, "
        said += f"{tally.liquidations:,} liquidations, {size / 1e6:.1f} MB"
        context.stderr.write(f"\r\x1b[K{said}" + (f" - {tally.trouble}" if tally.trouble else ""))
        context.stderr.flush()

    return show


def _troubles(context: Context, before: str) -> Callable[[Tally, int], None]:
    """For a desk or a log: one line, after `before`, whenever the disk begins to refuse or to take records again."""
    said = [""]

    def show(tally: Tally, _: int) -> None:
        if tally.trouble != said[0]:
            said[0] = tally.trouble
            context.stderr.write(f"{before}{tally.trouble or 'ok'}\n")
            context.stderr.flush()

    return show


def child_command(context: Context) -> list[str]:
    """The command line of a recorder that ends with its parent and writes the live recording."""
    from crashdesk.outside.own_module import own_module

    config = ("--config", str(context.paths.config_file)) if context.explicit_config else ()
    return own_module("crashdesk", *config, "record", "--out", str(context.paths.live_recording), "--child")


COMMAND = Command(
    name="record",
    summary="record the configured venues without a screen",
    configure=configure,
    run=run,
    polls=True,
    examples=("crashdesk record", "crashdesk record --out night.crash --for 8h", "crashdesk record --alerts"),
)
