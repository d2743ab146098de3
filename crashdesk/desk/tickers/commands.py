"""What is typed about the tickers: a symbol to add or to remove, a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from crashdesk.desk.fuzzy import fuzzy
from crashdesk.desk.suggestions import Choice
from crashdesk.desk.tickers.markets import Listed
from crashdesk.model.control import AddSymbol, Command, RemoveSymbol
from crashdesk.model.text import clean
from crashdesk.session.views import DeskView

MOST_OFFERED = 30
_QUOTES = ("USDT", "USD", "USDC")
"""The quote currencies that are offered first."""


def add_choices(rest: str, send: Callable[[Command], None] | None, listed: Listed) -> list[Choice]:
    """The symbol as it is typed, then those that venues list and that are like it."""
    symbol = _symbol(rest, tuple(listed))
    if send is None:
        return [_live_only(f"add {symbol}")]

    def offer(name: str, *, named: bool) -> Choice:
        venues = ", ".join(listed.get(name, ()))
        detail = f"poll it too: {venues}" if venues else "poll this symbol too"
        return Choice(f"add {name}", detail, partial(send, AddSymbol(name)), named=named)

    return [offer(symbol, named=True), *(offer(name, named=False) for name in _alike(rest, symbol, listed))]


def remove_choices(rest: str, view: DeskView | None, send: Callable[[Command], None] | None) -> list[Choice]:
    """The symbol as it is typed, then the tickers that are like it; the desk's own symbol stays."""
    rows = [row.symbol for row in view.tickers] if view else []
    symbol = _symbol(rest, rows)
    if send is None:
        return [_live_only(f"remove {symbol}")]

    def offer(name: str, *, named: bool) -> Choice:
        if view is not None and name == view.symbol:
            return Choice(f"remove {name}", "it is the desk's symbol: choose another one first", None)
        return Choice(f"remove {name}", "stop polling it", partial(send, RemoveSymbol(name)), named=named)

    alike = _alike(rest, symbol, dict.fromkeys(rows, ()))
    return [offer(symbol, named=True), *(offer(name, named=False) for name in alike)]


def group_choices(rest: str, names: Sequence[str], choose: Callable[[str], None]) -> list[Choice]:
    """The groups that are like what is typed."""
    found = [(rank, place, name) for place, name in enumerate(names) if (rank := fuzzy(rest, name)) is not None]
    if not found:
        return [Choice(f"group {clean(rest, 20)}", f"no such group: {', '.join(names)}", None)]
    typed = rest.casefold()
    return [
        Choice(
            f"group {name}",
            "every symbol" if name == names[0] else "its symbols in the tickers",
            partial(choose, name),
            named=bool(typed) and name.casefold().startswith(typed),
        )
        for _, _, name in sorted(found)
    ]


def _live_only(title: str) -> Choice:
    return Choice(title, "only a live desk can add or remove symbols, and none that is read-only", None)


def _symbol(typed: str, known: Sequence[str]) -> str:
    """The whole symbol: a coin alone is that of `known` in dollars, else against USDT."""
    symbol = clean(typed, 40).upper()
    if "/" in symbol:
        return symbol
    pairs = [f"{symbol}/{quote}" for quote in _QUOTES]
    return next((pair for pair in pairs if pair in known), pairs[0])


def _alike(typed: str, but: str, listed: Listed) -> list[str]:
    """Listed symbols like what is typed: those that begin with it, dollars, spot and short ones first."""
    word = typed.upper()

    def rank(symbol: str) -> tuple[bool, bool, bool, int, str]:
        base, _, quote = symbol.partition("/")
        return base != word, quote not in _QUOTES, ":" in quote, len(symbol), symbol

    found = sorted((symbol for symbol in listed if symbol.startswith(word) and symbol != but), key=rank)
    if len(found) < MOST_OFFERED:
        more = [(badly, symbol) for symbol in listed if (badly := fuzzy(typed, symbol)) is not None]
        found += [symbol for _, symbol in sorted(more) if symbol not in found and symbol != but]
    return found[:MOST_OFFERED]
