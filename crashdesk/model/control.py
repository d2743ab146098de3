"""What a desk asks of a worker over the control socket: one JSON object a line, answers arrive as records."""

import json
from typing import NamedTuple

from crashdesk.model.timeframe import Timeframe


class WantCandles(NamedTuple):
    """Fetch (and keep fresh) candles of a symbol in a timeframe."""

    symbol: str
    timeframe: Timeframe


class AddSymbol(NamedTuple):
    """Poll one more symbol."""

    symbol: str


class RemoveSymbol(NamedTuple):
    """Stop polling a symbol."""

    symbol: str


Command = WantCandles | AddSymbol | RemoveSymbol


def encode_command(command: Command) -> str:
    """One line of JSON without the line end."""
    if isinstance(command, WantCandles):
        return json.dumps({"do": "want_candles", "symbol": command.symbol, "timeframe": command.timeframe.value})
    verb = "add_symbol" if isinstance(command, AddSymbol) else "remove_symbol"
    return json.dumps({"do": verb, "symbol": command.symbol})


def decode_command(line: str) -> Command:
    """The command in a line. Raises ValueError with one sentence when it is none."""
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("symbol"), str) or not 0 < len(raw["symbol"]) <= 64:
        raise ValueError("a command needs a symbol of 1 to 64 characters")
    match raw.get("do"):
        case "want_candles":
            try:
                return WantCandles(raw["symbol"], Timeframe(raw.get("timeframe", "")))
            except ValueError:
                raise ValueError(f"unknown timeframe {raw.get('timeframe')!r}") from None
        case "add_symbol":
            return AddSymbol(raw["symbol"])
        case "remove_symbol":
            return RemoveSymbol(raw["symbol"])
        case other:
            raise ValueError(f"unknown command {other!r}: want_candles, add_symbol or remove_symbol")
