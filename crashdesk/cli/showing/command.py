"""`crashdesk show`: a pane of the desk as data, once or as it changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.cli.showing.asked import TABS, Asked
from crashdesk.config.near import did_you_mean
from crashdesk.model.errors import UsageError
from crashdesk.model.text import clean

if TYPE_CHECKING:
    from crashdesk.cli.recordings import Chosen
    from crashdesk.cli.showing.panes import Shown
    from crashdesk.session.player import Player
    from crashdesk.session.state import MarketState

_FORMATS = ("text", "json", "csv", "ndjson")
_SUMMARIES = {
    "tickers": "prices with their changes, ranges, averages, levels, funding and spreads",
    "sectors": "the change of each sector, and of its members",
    "liquidations": "sums by window, venue, coin and size, the largest orders, the tape",
    "levels": "the price levels of a symbol and what became of them",
}
_ABOUT = """\
--watch begins with the pane as it is and goes on with one line of NDJSON for each row that changed since
(at most once a second; of the tape every order as it comes), until the recording is no longer written,
the reader leaves, or Ctrl+C. Times are UTC milliseconds, _pct is percent, amounts are USD; unknown is null."""


def configure(parser: Parser) -> None:
    """Arguments of `show`."""
    parser.epilog = f"{_ABOUT}\n\n{parser.epilog}"
    group = parser.add_subparsers(metavar="|".join(_SUMMARIES), required=True, parser_class=Parser)
    for pane, summary in _SUMMARIES.items():
        own = add_subcommand(group, pane, summary)
        own.epilog = _ABOUT
        own.set_defaults(pane=pane, tab=None, window=None, symbol=None)
        own.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording; without one, the live one")
        own.add_argument("--scenario", metavar="NAME", help="a built-in reconstruction instead of a file: demo --list")
        own.add_argument("--at", metavar="TIME", help="a time, -30m before the end, 50%%, worst (default: the end)")
        own.add_argument("--format", choices=_FORMATS, help="default: text; with --watch: ndjson")
        own.add_argument("--watch", action="store_true", help="go on with each row that changes")
        if pane == "liquidations":
            own.add_argument("--tab", choices=TABS, help=f"what of them (default: {TABS[0]}, the sums by window)")
            own.add_argument("--window", metavar="WINDOW", help="of the other tabs: 1h, 15m (default: 24h)")
        if pane == "levels":
            own.add_argument("--symbol", metavar="SYMBOL", help="whose levels (default: the desk's symbol)")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the pane on standard output."""
    _refuse(arguments)
    form = arguments.format or ("ndjson" if arguments.watch else "text")
    from crashdesk.cli.opened import opened
    from crashdesk.cli.showing.panes import PaneMaker
    from crashdesk.cli.utf8 import utf8

    chosen = _chosen(arguments, context)
    live = arguments.file is None and arguments.scenario is None and arguments.at is None
    polls = {venue.name: round(venue.poll_seconds * 1000) for venue in context.settings.venues} if live else None
    if form != "text":
        utf8(context.stdout)
    with opened(chosen, arguments.at, context, polls) as player:
        asked = _asked(arguments, context, player.state)
        maker = PaneMaker(asked)
        if arguments.watch:
            from crashdesk.cli.showing.watch import Watch

            return Watch(context, player, maker, asked, None if live else chosen.path).run()
        find_more(player, asked, context)
        context.stdout.write(_written(maker.shown(player.state), asked, player.state, form, context))
    return 0


def find_more(player: Player, asked: Asked, context: Context) -> None:
    """Of levels: find those that candles show."""
    if asked.pane == "levels":
        from crashdesk.cli.opened import find_levels
        from crashdesk.cli.showing.panes import level_ticker

        find_levels(player, context, level_ticker(player.state, asked.symbol))


def _refuse(arguments: argparse.Namespace) -> None:
    """Raises UsageError for words that do not go together."""
    if arguments.scenario is not None and arguments.file is not None:
        raise UsageError("show: name a FILE or a --scenario, not both")
    if arguments.watch and arguments.at is not None:
        raise UsageError("--watch follows the end of a recording: --at does not go with it")
    if arguments.watch and arguments.format not in (None, "ndjson"):
        raise UsageError(f"--watch writes ndjson: --format {arguments.format} does not go with it")
    if arguments.window is not None and arguments.tab in (None, "windows", "tape"):
        raise UsageError("--window goes with --tab venues, coins, sizes or largest")


def _chosen(arguments: argparse.Namespace, context: Context) -> Chosen:
    from crashdesk.cli.recordings import file_recording, scenario_recording

    if arguments.scenario is not None:
        return scenario_recording(arguments.scenario, context)
    return file_recording(arguments.file, context)


def _asked(arguments: argparse.Namespace, context: Context, state: MarketState) -> Asked:
    from crashdesk.cli.moments import duration
    from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
    from crashdesk.session.liquidations.totals import USUAL_WINDOW, window_name
    from crashdesk.session.views import WeightMode

    desk = context.settings.desk
    width_ms = None if arguments.window is None else duration(arguments.window, "--window")
    if width_ms is not None and not MINUTE_MS <= width_ms <= DAY_MS:
        raise UsageError(f"--window {arguments.window}: from 1m to 24h")
    return Asked(
        arguments.pane,
        arguments.tab or TABS[0],
        USUAL_WINDOW if width_ms is None else window_name(width_ms),
        width_ms,
        _symbol(arguments.symbol, desk.symbol, state) if arguments.pane == "levels" else "",
        WeightMode(desk.weights),
        context.settings.tickers.dislocation_pct,
    )


def _symbol(named: str | None, usual: str, state: MarketState) -> str:
    """The symbol that is meant; the desk's own where nobody trades it is the first of the market.

    Raises UsageError when one was named that is not there.
    """
    from crashdesk.cli.showing.panes import level_ticker

    row = level_ticker(state, named or usual)
    if row is not None:
        return row.symbol
    if named is None:
        return ""
    known = {*state.symbols_with_levels(), *(row.symbol for row in state.rows())}
    if named in known:
        return named
    near = did_you_mean(named, known) or "crashdesk show tickers lists them"
    raise UsageError(f"--symbol {clean(named, 40)}: nothing is known of it here ({near})")


def _written(shown: Shown, asked: Asked, state: MarketState, form: str, context: Context) -> str:
    from crashdesk.cli.showing import writing

    now_ms, session = state.now_ms, state.session
    if form == "csv":
        return writing.csv_text(now_ms, shown.rows, writing.CSV_COLUMNS[asked.part])
    if form == "ndjson":
        return "".join(writing.line(now_ms, row) for row in shown.rows)
    label = session.label if session is not None else ""
    if form == "json":
        head = {"schema": writing.SCHEMA, "pane": asked.pane, "as_of_ms": now_ms, "label": label, **shown.about}
        return writing.document(head, shown.rows)
    from crashdesk.cli.brief_maker import zone_of
    from crashdesk.cli.showing.text_tables import page

    zone = zone_of(context.settings)
    return page(f"{label}: {asked.part}" if label else asked.part, now_ms, shown.table(zone), zone)


COMMAND = Command(
    name="show",
    summary="a pane of the desk as data: tickers, sectors, liquidations, levels; --watch streams it",
    configure=configure,
    run=run,
    examples=(
        "crashdesk show tickers --scenario november-2025",
        "crashdesk show liquidations night.crash --at 03:00 --tab venues --window 1h --format csv",
        "crashdesk show levels --symbol ETH --format json | jq '.rows[0]'",
        "crashdesk show liquidations --tab tape --watch | jq -c 'select(.usd > 1e6)'",
    ),
)
