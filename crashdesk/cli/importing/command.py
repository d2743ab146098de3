"""`crashdesk import`: a recording made of liquidations and candles that were recorded elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crashdesk.cli.command import Command, Parser
from crashdesk.cli.context import Context
from crashdesk.cli.importing.wishes import CANDLES, LIQUIDATIONS, Wish, mapping
from crashdesk.model.errors import UsageError
from crashdesk.model.records import PriceBasis, Side
from crashdesk.model.timeframe import Timeframe


def configure(parser: Parser) -> None:
    """Arguments of `import`. Options of a file stand behind it."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="what `export --what all` wrote")
    parser.add_argument("--out", metavar="NEW", type=Path, required=True, help="the new recording; must not exist")
    table = "a table: .csv, .ndjson, .jsonl, .json or .parquet"
    parser.add_argument("--liquidations", metavar="FILE", dest="files", action=_File, default=[], help=table)
    parser.add_argument("--candles", metavar="FILE", dest="files", action=_File, help="the same; both may come again")
    of_file = parser.add_argument_group("of the file named before")
    of_file.add_argument("--map", action=_OfFile, metavar="FIELD=COLUMN,...", help="which columns to read, a.b in JSON")
    of_file.add_argument("--venue", action=_OfFile, metavar="NAME", help="of all rows")
    of_file.add_argument("--symbol", action=_OfFile, metavar="BTC/USDT", help="of all rows")
    of_file.add_argument("--timeframe", action=_OfFile, choices=tuple(Timeframe), type=Timeframe, help="of candles")
    of_file.add_argument(
        "--buy-is",
        action=_OfFile,
        choices=tuple(Side),
        type=Side,
        help="the position that a row with the side buy liquidated: short where it is the side of the order",
    )
    of_file.add_argument(
        "--basis", action=_OfFile, choices=tuple(PriceBasis), type=PriceBasis, help="what prices are (default: fill)"
    )
    parser.add_argument("--title", default="", help="what it is, in a few words")
    parser.add_argument("--source", action="append", default=[], metavar="TEXT", help="where it comes from")
    parser.add_argument("--strict", action="store_true", help="import nothing when a row is wrong")


class _File(argparse.Action):
    """Names one more file; the option says what it holds."""

    def __call__(self, _: Any, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        kind = CANDLES if option == "--candles" else LIQUIDATIONS
        namespace.files = [*namespace.files, Wish(kind, Path(values))]


class _OfFile(argparse.Action):
    """Says something of the file that was named last."""

    def __call__(self, _: Any, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        if not namespace.files:
            raise UsageError(f"{option} stands behind the file that it is about: --liquidations FILE {option} ...")
        wish: Wish = namespace.files[-1]
        if self.dest == "map":
            wish.columns |= mapping(values, wish.kind)
        elif self.dest in ("venue", "symbol"):
            setattr(wish, self.dest, _name(self.dest, values, wish))
        else:
            setattr(wish, self.dest, values)


def _name(what: str, text: str, wish: Wish) -> str:
    from crashdesk.cli.importing.cells import symbol_of, venue_of
    from crashdesk.cli.importing.wrong_rows import RowError

    try:
        return venue_of(text) if what == "venue" else symbol_of(text, perpetual=wish.kind == LIQUIDATIONS)
    except RowError as error:
        raise UsageError(f"--{what}: {error}") from None


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the recording; say what is in it, and which rows are not."""
    from crashdesk.cli.importing.make import from_files, from_folder
    from crashdesk.cli.importing.progress import shown_by
    from crashdesk.cli.importing.wrong_rows import WrongRows

    files: Sequence[Wish] = arguments.files
    if (arguments.folder is None) == (not files):
        raise UsageError("import: name a FOLDER of `export --what all`, or --liquidations and --candles files")
    if arguments.out.exists():
        raise UsageError(f"--out: {arguments.out} exists already; name a new file")
    wrong, shown = WrongRows(strict=arguments.strict), shown_by(context)
    if arguments.folder is not None:
        if arguments.title or arguments.source:
            raise UsageError("import: the recording of a FOLDER has its own title and sources")
        said = from_folder(arguments.folder, arguments.out, wrong, shown)
    else:
        settings = context.settings.cascades
        said = from_files(files, arguments.out, arguments.title, arguments.source, wrong, settings, shown)
    for line in (*wrong.lines(), *(line for wish in files for line in wish.overruled_lines())):
        context.say(line)
    context.stdout.write("\n".join(said) + "\n")
    return 0


COMMAND = Command(
    name="import",
    summary="a recording made of liquidations and candles from elsewhere, or of an exported folder",
    configure=configure,
    run=run,
    examples=(
        "crashdesk import night/ --out night.crash",
        "crashdesk import --out oct.crash --liquidations orders.csv --venue okx --map ts=time,side=Side",
        "crashdesk import --out btc.crash --candles btc.csv --symbol BTC/USDT --venue binance --timeframe 1h",
    ),
)
