"""What is typed to go to a pane: `TK eth`, `HM cap`, `LIQ 1h`, `LIQ okx long`."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk.liquidations.commands import Tape, TellLink, feed_choice
from crashdesk.desk.suggestions import Choice
from crashdesk.model.text import clean
from crashdesk.model.times import parse_duration
from crashdesk.session.views import DeskView, WeightMode

Perform = Callable[[str], None]


def tickers_choice(rest: str, perform: Perform, find: Callable[[str], None]) -> Choice:
    """The tickers, filtered."""

    def run() -> None:
        perform("focus_tickers")
        find(rest)

    return Choice(f"TK {clean(rest, 20)}", f"the tickers like {clean(rest, 20)}", run, named=True)


def sectors_choice(rest: str, perform: Perform, tell: TellLink) -> Choice:
    """The sectors in other weights."""
    title = f"HM {clean(rest, 20)}"
    if rest.lower() not in list(WeightMode):
        return Choice(title, "write one of " + ", ".join(WeightMode), None)
    mode = WeightMode(rest.lower())

    def run() -> None:
        perform("focus_sectors")
        tell(lambda link: link.select_weights(mode))

    return Choice(title, f"the sectors, {mode} weight", run, named=True)


def liquidations_choice(rest: str, view: DeskView | None, perform: Perform, tape: Tape, tell: TellLink) -> Choice:
    """The liquidations: of a window where a length is typed, else a filter of the tape."""
    choice = feed_choice("window" if _is_length(rest) else "tape", rest, view, tape, tell)
    change = choice.run
    if change is None:
        return choice._replace(title=f"LIQ {clean(rest, 40)}")

    def run() -> None:
        perform("focus_liquidations")
        change()

    return choice._replace(title=f"LIQ {clean(rest, 40)}", run=run)


def _is_length(text: str) -> bool:
    try:
        parse_duration(text)
    except ValueError:
        return False
    return True
