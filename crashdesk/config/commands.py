"""The one table of commands: the source of what the command line suggests, of help and of the README."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class CommandId(StrEnum):
    """What a command does. The value is its long name."""

    TICKERS = "tickers"
    SECTORS = "sectors"
    LIQUIDATIONS = "liquidations"
    CHART = "chart"
    LEVEL = "level"
    TIMELINE = "timeline"
    STRESS = "stress"
    SECOND = "second"
    TAPE = "tape"
    MIN = "min"
    WINDOW = "window"
    GO = "go"
    SPEED = "speed"
    NEXT = "next"
    PREVIOUS = "previous"
    BOOKMARK = "bookmark"
    SKIP = "skip"
    NOTE = "note"
    BRIEF = "brief"
    PICTURE = "picture"
    THEME = "theme"
    LAYOUT = "layout"
    ALERTS = "alerts"
    GROUP = "group"
    ADD = "add"
    REMOVE = "remove"
    HELP = "help"


class CommandWord(NamedTuple):
    """Something that is typed. `arguments` in brackets can be left out; alone it does what the action `action` does.

    `examples` have arguments; the first one is the one that is told.
    """

    id: CommandId
    mnemonic: str
    arguments: str
    description: str
    examples: tuple[str, ...] = ()
    action: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What it goes by, in any case: the mnemonic, the long name, and that of the action."""
        names = (self.mnemonic, self.id.value, self.action)
        return tuple({name.lower(): name for name in reversed(names) if name}.values())

    @property
    def usage(self) -> str:
        """The mnemonic and its arguments."""
        return f"{self.mnemonic} {self.arguments}".rstrip()


def _rows(*rows: tuple[CommandId, str, str, str, str]) -> Iterator[CommandWord]:
    """Commands from (id, mnemonic with arguments, description, examples with commas between, action)."""
    for id_, usage, description, examples, action in rows:
        mnemonic, _, arguments = usage.partition(" ")
        listed = tuple(f"{mnemonic} {example.strip()}" for example in examples.split(",")) if examples else ()
        yield CommandWord(id_, mnemonic, arguments, description, listed, action)


COMMANDS: tuple[CommandWord, ...] = tuple(
    _rows(
        (CommandId.TICKERS, "TK [COIN]", "the tickers; only those like COIN", "eth", "focus_tickers"),
        (
            CommandId.SECTORS,
            "HM [equal|volume|cap]",
            "the sectors as a heatmap; their members weighted so",
            "equal, volume, cap",
            "focus_sectors",
        ),
        (
            CommandId.LIQUIDATIONS,
            "LIQ [WINDOW|FILTER]",
            "the liquidations; their sums over a window, or a filter of the tape",
            "1h, 15m, okx long btc >100k",
            "focus_liquidations",
        ),
        (
            CommandId.CHART,
            "CH [SYMBOL] [TIMEFRAME]",
            "the chart; of a symbol, in a timeframe",
            "4h, ETH, ETH 1h",
            "focus_chart",
        ),
        (
            CommandId.LEVEL,
            "LV [PRICE]",
            "the levels; with a price a level of your own on the desk's symbol",
            "105000",
            "focus_levels",
        ),
        (CommandId.TIMELINE, "TL", "the timeline", "", "focus_timeline"),
        (CommandId.STRESS, "STRESS", "the stress gauge and its parts", "", "stress"),
        (
            CommandId.SECOND,
            "C2 [SYMBOL] [TIMEFRAME]|off",
            "a second chart of that symbol in that timeframe; off: one chart",
            "ETH 1h, 4h, off",
            "",
        ),
        (
            CommandId.TAPE,
            "TAPE FILTER|all",
            "the tape: only these, by venue, side, coin and size; all: everything",
            "okx long btc >100k, all",
            "",
        ),
        (CommandId.MIN, "MIN AMOUNT", "the smallest liquidation on the tape; 0 shows all", "250k, 0", ""),
        (
            CommandId.WINDOW,
            "WIN WINDOW|off",
            "a liquidation window of your own, 1 minute to 24 hours; off: none",
            "15m, 4h, off",
            "",
        ),
        (CommandId.GO, "GO TIME", "replay: to that time", "03:05, -30m, 50%, nov 4 03:00, worst", ""),
        (CommandId.SPEED, "SP N|max", "replay: so many seconds a second", "60, 3600, max", ""),
        (
            CommandId.NEXT,
            "NX KIND [SIZE]",
            "replay: to the next cascade, level, note, gap, alert, bookmark, or liquidation of a size",
            "cascade, liquidation 1M, note",
            "",
        ),
        (
            CommandId.PREVIOUS,
            "PV KIND [SIZE]",
            "replay: to the previous one",
            "cascade, liquidation 1M, note",
            "",
        ),
        (
            CommandId.SKIP,
            "SK on|off|LENGTH",
            "replay: jump over stretches without data of 5 minutes, or LENGTH, and more",
            "on, off, 30m",
            "",
        ),
        (CommandId.BOOKMARK, "BM [NAME]", "a bookmark at the time shown", "first dump", "bookmark"),
        (
            CommandId.NOTE,
            "NT [TEXT]",
            "a note at the time shown; it may begin with its kind",
            "hack: Balancer",
            "note",
        ),
        (CommandId.BRIEF, "BR", "the brief of this moment", "", "brief"),
        (CommandId.PICTURE, "PX", "a picture of the screen", "", "picture"),
        (CommandId.THEME, "TH [NAME]", "other colours; without a name the list of themes", "paper", "themes"),
        (
            CommandId.LAYOUT,
            "LAY [NAME]",
            "the panes in another layout; without a name the list of layouts",
            "chart",
            "",
        ),
        (
            CommandId.ALERTS,
            "AL [mute|unmute]",
            "the rules of alerts and what went off; mute: tell none",
            "mute, unmute",
            "",
        ),
        (CommandId.GROUP, "GR NAME", "the tickers of a group: all, your own, top 20, perps, stocks", "all, top 20", ""),
        (CommandId.ADD, "ADD SYMBOL", "live: poll this symbol too", "HYPE", ""),
        (CommandId.REMOVE, "RM SYMBOL", "live: stop polling it", "HYPE", ""),
        (CommandId.HELP, "HP", "help of the focused pane", "", "help"),
    )
)
SYMBOL_USAGE = ("BTC or BTC/USDT", "that symbol becomes the desk's symbol")
"""What is typed without a command. A coin that is called like a command is reached by its pair, or behind `CH`."""


def find_command(word: str) -> CommandWord | None:
    """The command of that mnemonic or name, in any case."""
    name = word.casefold()
    return next((command for command in COMMANDS if name in map(str.casefold, command.names)), None)


def commands_markdown() -> str:
    """One Markdown table of all commands, ending in a line end."""
    lines = ["| command | also | does | such as |", "|---|---|---|---|"]
    name, does = SYMBOL_USAGE
    lines.append(f"| `{name.replace(' or ', '` `')}` | | {does} | `SOL` |")
    for command in COMMANDS:
        usage, also = command.usage.replace("|", "\\|"), command.id.value
        also = f"`{also}`" if also != command.mnemonic.lower() else ""
        example = f"`{command.examples[0]}`" if command.examples else ""
        lines.append(f"| `{usage}` | {also} | {command.description} | {example} |")
    return "\n".join(lines) + "\n"
