"""`crashdesk levels`: the trader's own levels, without a desk; desks that are open show the changes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from crashdesk.cli.command import Command, Parser, add_subcommand
from crashdesk.cli.context import Context
from crashdesk.model.errors import CrashdeskError, UsageError
from crashdesk.model.level import LevelKind
from crashdesk.model.text import clean
from crashdesk.model.timeframe import Timeframe

if TYPE_CHECKING:
    from crashdesk.model.level import Level
    from crashdesk.model.level_edits import LevelLedger

_FORMATS = ("csv", "toml", "json")
_KINDS = (LevelKind.SUPPORT, LevelKind.RESISTANCE, LevelKind.TARGET, LevelKind.STOP, LevelKind.LINE)


def configure(parser: Parser) -> None:
    """Arguments of `levels`."""
    group = parser.add_subparsers(metavar="list|add|remove|import|export", parser_class=Parser, required=True)
    listing = add_subcommand(group, "list", "your levels", "crashdesk levels list --symbol BTC/USDT")
    listing.add_argument("--format", choices=("text", *_FORMATS), default="text", help="default: text")
    listing.set_defaults(do=_list)
    adding = add_subcommand(
        group, "add", "add a level", "crashdesk levels add BTC/USDT 105000 --kind support --label neckline"
    )
    _configure_add(adding)
    removing = add_subcommand(group, "remove", "remove levels by their ids", "crashdesk levels remove 3fa85f64")
    removing.add_argument("ids", metavar="ID", nargs="+", help="as `crashdesk levels list` shows it")
    removing.set_defaults(do=_remove)
    importing = add_subcommand(
        group, "import", "levels from a file; their alerts are off", "crashdesk levels import plan.csv"
    )
    importing.add_argument("file", metavar="FILE", type=Path, help="CSV with a head, TOML or JSON")
    importing.add_argument("--strict", action="store_true", help="nothing at all when a row is wrong")
    importing.set_defaults(do=_import)
    exporting = add_subcommand(
        group, "export", "your levels as they can be imported", "crashdesk levels export plan.csv"
    )
    exporting.add_argument("file", metavar="FILE", nargs="?", type=Path, help="default: standard output")
    exporting.set_defaults(do=_export)
    for part in (listing, exporting):
        part.add_argument("--symbol", help="those of one symbol only")
    for part in (importing, exporting):
        part.add_argument("--format", choices=_FORMATS, help="default: by the name of FILE")


def _configure_add(parser: Parser) -> None:
    parser.add_argument("symbol", metavar="SYMBOL", help="BTC/USDT, or BTC/USDT:USDT for a perpetual")
    parser.add_argument("price", metavar="PRICE")
    parser.add_argument("--kind", choices=[kind.value for kind in _KINDS], default=LevelKind.LINE.value)
    parser.add_argument("--label", default="", metavar="TEXT")
    parser.add_argument("--alert", default="", metavar="NAME", help="an alert of config.toml that tells of the level")
    parser.add_argument(
        "--timeframe",
        choices=[timeframe.value for timeframe in Timeframe],
        default=Timeframe.D1.value,
        help="whose closes breach the level; default: 1d",
    )
    parser.set_defaults(do=_add)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Run the word after `levels`."""
    code: int = arguments.do(arguments, context)
    return code


def _list(arguments: argparse.Namespace, context: Context) -> int:
    levels = _shown(arguments, context)
    if arguments.format == "text":
        context.stdout.write("".join(f"{line}\n" for line in _lines(levels)))
    else:
        context.stdout.write(_written(levels, arguments.format))
    return 0


def _add(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.alert_settings import level_alerts
    from crashdesk.config.levels_file import level_problem
    from crashdesk.config.near import did_you_mean
    from crashdesk.model.level import Level

    try:
        price = float(arguments.price)
    except ValueError:
        raise UsageError(f"levels add: no price: {clean(arguments.price, 40)!r} (write 105000)") from None
    names = level_alerts(context.settings.alerts)
    if arguments.alert and arguments.alert not in names:
        hint = did_you_mean(arguments.alert, names)
        raise UsageError(f"--alert: no alert of levels {clean(arguments.alert, 40)!r} ({hint})")
    now_ms = context.clock.now_ms()
    kind, timeframe = LevelKind(arguments.kind), Timeframe(arguments.timeframe)
    level = Level(uuid4().hex[:8], arguments.symbol, price, kind, "", now_ms, now_ms, timeframe, arguments.alert)
    problem = level_problem(level._replace(label=arguments.label), context.paths.levels_file)
    if problem is not None:
        name = problem.key.rpartition(".")[2]
        raise UsageError(f"levels add: {name}: {problem.what}" + (f" ({problem.hint})" if problem.hint else ""))
    level = level._replace(label=clean(arguments.label))
    _edit(context, [level], ())
    context.stdout.write(f"{_lines([level])[0]}\n")
    return 0


def _remove(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.near import did_you_mean

    there = {level.id: level for level in _ledger(context).levels}
    for level_id in arguments.ids:
        if level_id not in there:
            hint = did_you_mean(level_id, there) or "crashdesk levels list shows them"
            raise CrashdeskError(f"no level {clean(level_id, 40)!r} ({hint}); nothing was removed")
    gone = [there[level_id] for level_id in dict.fromkeys(arguments.ids)]
    _edit(context, (), gone)
    context.stdout.write("".join(f"removed: {line}\n" for line in _lines(gone)))
    return 0


def _import(arguments: argparse.Namespace, context: Context) -> int:
    """The good rows are kept, each wrong one is named; exit code 1 when there was one."""
    from crashdesk.config.level_files import import_edits, read_levels
    from crashdesk.config.levels_file import edit_levels

    found = read_levels(arguments.file, _format(arguments.file, arguments.format))
    for problem in found.problems:
        context.say(str(problem))
    if found.problems and arguments.strict:
        raise CrashdeskError(f"{arguments.file}: nothing was imported (--strict)")
    ledger = _ledger(context)
    edits = import_edits(found.levels, ledger)
    if edits:
        edit_levels(context.paths.levels_file, edits, context.clock.now_ms())
    there = {level.id for level in ledger.levels}
    replaced = sum(edit.id in there for edit in edits)
    same = len(found.levels) - len(edits)
    wrong = len(dict.fromkeys(problem.key.partition(":")[0] for problem in found.problems))
    counts = ((len(edits) - replaced, "new"), (replaced, "replaced"), (same, "as they were"), (wrong, "left out"))
    context.say("levels imported: " + (", ".join(f"{count} {word}" for count, word in counts if count) or "none"))
    return 1 if found.problems else 0


def _export(arguments: argparse.Namespace, context: Context) -> int:
    from crashdesk.config.atomic import write_atomic

    form = _format(arguments.file, arguments.format) if arguments.file is not None else arguments.format or "csv"
    text = _written(_shown(arguments, context), form)
    if arguments.file is None:
        context.stdout.write(text)
    elif arguments.file.exists():
        raise CrashdeskError(f"{arguments.file}: already there and left as it is; name another file")
    else:
        write_atomic(arguments.file, text)
    return 0


def _edit(context: Context, put: Sequence[Level], gone: Sequence[Level]) -> None:
    from crashdesk.config.levels_file import edit_levels
    from crashdesk.model.level_edits import Delete, Put

    now_ms = context.clock.now_ms()
    deletions = [Delete(level.id, max(now_ms, level.updated_ms)) for level in gone]
    edit_levels(context.paths.levels_file, [*map(Put, put), *deletions], now_ms)


def _ledger(context: Context) -> LevelLedger:
    """What is in the file; what is wrong in it is said."""
    from crashdesk.config.levels_file import load_ledger

    ledger, problems = load_ledger(context.paths.levels_file)
    for problem in problems:
        context.say(str(problem))
    return ledger


def _shown(arguments: argparse.Namespace, context: Context) -> list[Level]:
    """The levels that were asked for, by symbol, the highest first."""
    wanted = [level for level in _ledger(context).levels if arguments.symbol in (None, level.symbol)]
    return sorted(wanted, key=lambda level: (level.symbol, -level.price, level.id))


def _written(levels: Sequence[Level], form: str) -> str:
    import io

    from crashdesk.cli.export_formats import write_table
    from crashdesk.config.level_files import COLUMNS, level_cells, levels_toml

    if form == "toml":
        return levels_toml(levels)
    out = io.StringIO()
    write_table(form, out, COLUMNS, map(level_cells, levels))
    return out.getvalue()


def _format(file: Path, named: str | None) -> str:
    """The format of a file. Raises UsageError when neither its name nor `--format` tells."""
    form = named or file.suffix.lower().removeprefix(".")
    if form not in _FORMATS:
        raise UsageError(f"{file}: of which format? name it .csv, .toml or .json, or say --format")
    return form


def _lines(levels: Sequence[Level]) -> list[str]:
    """A line for each: id, symbol, price, kind, timeframe, label and alert."""
    prices = [f"{level.price:,.10f}".rstrip("0").rstrip(".") for level in levels]
    cells = [(level.id, level.symbol, price) for level, price in zip(levels, prices, strict=True)]
    wide = [max((len(row[column]) for row in cells), default=0) for column in range(3)]
    lines = []
    for level, (level_id, symbol, price) in zip(levels, cells, strict=True):
        words = (level.label, f"alert {level.alert}" if level.alert else "", "trend line" if level.trend else "")
        tail = "  ".join(filter(None, words))
        head = f"{level_id:<{wide[0]}}  {symbol:<{wide[1]}}  {price:>{wide[2]}}"
        lines.append(f"{head}  {level.kind:<10}  {level.timeframe:<3}  {tail}".rstrip())
    return lines


COMMAND = Command(
    name="levels",
    summary="your own levels: list, add, remove, import and export them",
    configure=configure,
    run=run,
    examples=(
        "crashdesk levels add BTC/USDT 105000 --kind support --label neckline",
        "crashdesk levels list --symbol BTC/USDT",
        "crashdesk levels import plan.csv",
    ),
)
