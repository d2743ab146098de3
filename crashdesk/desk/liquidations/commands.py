"""What is typed about liquidations: `min 250k`, `tape okx long btc`, `window 15m`."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk.liquidations.filters import amount_words, filter_words, known_of, read_amount, read_filter
from crashdesk.desk.suggestions import Choice
from crashdesk.model.text import clean
from crashdesk.model.timeframe import DAY_MS, MINUTE_MS
from crashdesk.model.times import parse_duration
from crashdesk.session.desklink import DeskLink
from crashdesk.session.liquidation_views import FeedFilter
from crashdesk.session.views import DeskView

Tape = Callable[[FeedFilter], None]
TellLink = Callable[[Callable[[DeskLink], None]], None]


def feed_choice(word: str, rest: str, view: DeskView | None, tape: Tape, tell: TellLink) -> Choice:
    """The choice that one of the three commands stands for; one that can't be chosen tells why."""
    title = f"{word} {clean(rest, 40)}"
    try:
        match word:
            case "min":
                return _least(title, rest, view, tape)
            case "tape":
                return _filter(title, rest, view, tape)
        return _window(title, rest.lower(), view, tell)
    except ValueError as error:
        return Choice(title, str(error), None)


def _least(title: str, rest: str, view: DeskView | None, tape: Tape) -> Choice:
    least = read_amount(rest)
    wanted = (view.feed.filter if view else FeedFilter())._replace(least_usd=least)
    return Choice(title, f"liquidations from ${amount_words(least)} on", lambda: tape(wanted), named=True)


def _filter(title: str, rest: str, view: DeskView | None, tape: Tape) -> Choice:
    wanted = read_filter(rest, known_of(view))
    words = filter_words(wanted)
    detail = f"the tape shows only {words}" if words else "the tape shows all liquidations"
    return Choice(title, detail, lambda: tape(wanted), named=True)


def _window(title: str, rest: str, view: DeskView | None, tell: TellLink) -> Choice:
    if rest in {"off", "none"}:
        return Choice(title, "no window of your own", lambda: tell(lambda link: link.set_free_window(None)), named=True)
    width = parse_duration(rest)
    if not MINUTE_MS <= width <= DAY_MS or width % MINUTE_MS:
        raise ValueError("a window is 1 minute to 24 hours long, in whole minutes")
    name = next((window.name for window in view.liquidations.windows if window.width_ms == width), "") if view else ""
    if name:
        return Choice(title, f"the tabs show {name}", lambda: tell(lambda link: link.select_window(name)), named=True)

    def free(link: DeskLink) -> None:
        from crashdesk.session.liquidations.totals import window_name  # only when it is wanted: not with the desk

        link.set_free_window(width)
        link.select_window(window_name(width))

    return Choice(title, "a window of your own", lambda: tell(free), named=True)
