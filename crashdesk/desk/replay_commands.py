"""What is typed about a replay: `next cascade`, `previous liquidation 1M`, `skip on`."""

from __future__ import annotations

from collections.abc import Callable

from crashdesk.desk.liquidations.filters import amount_words, read_amount
from crashdesk.desk.suggestions import Choice
from crashdesk.model.text import clean
from crashdesk.model.timeframe import MINUTE_MS
from crashdesk.model.times import parse_duration
from crashdesk.session.desklink import DeskLink
from crashdesk.session.stops import Stop, StopKind
from crashdesk.session.views import DeskView, Mode

SKIP_MS = 5 * MINUTE_MS
"""The shortest stretch without frames that `skip on` jumps over."""
_KINDS = ", ".join(kind.value for kind in StopKind)
Tell = Callable[[Callable[[DeskLink], None]], None]


def replay_choice(word: str, rest: str, view: DeskView | None, tell: Tell) -> Choice:
    """The choice that one of the three commands stands for; one that can't be chosen tells why."""
    title = f"{word} {clean(rest, 30)}"
    if view is None or view.transport.mode is Mode.LIVE:
        return Choice(title, "only a replay can go to another time", None)
    try:
        return _skip(title, rest.lower(), tell) if word == "skip" else _step(title, word, rest, tell)
    except ValueError as error:
        return Choice(title, str(error), None)


def _step(title: str, word: str, rest: str, tell: Tell) -> Choice:
    name, _, amount = rest.partition(" ")
    kind = next((kind for kind in StopKind if kind.value == name.lower()), None)
    if kind is None:
        raise ValueError(f"write one of {_KINDS}")
    if amount and kind is not StopKind.LIQUIDATION:
        raise ValueError("only liquidations have a size: liquidation 1M")
    stop = Stop(kind, read_amount(amount)) if amount else Stop(kind)
    size = f" of at least ${amount_words(int(stop.least_usd))}" if kind is StopKind.LIQUIDATION else ""
    direction, detail = 1 if word == "next" else -1, f"to the {word} {kind.value}{size}"
    return Choice(title, detail, lambda: tell(lambda link: link.step_event(direction, stop)), named=True)


def _skip(title: str, rest: str, tell: Tell) -> Choice:
    if rest == "off":
        detail = "stretches without data are played too"
        return Choice(title, detail, lambda: tell(lambda link: link.set_skip(None)), named=True)
    length = SKIP_MS if rest == "on" else parse_duration(rest)
    if length < MINUTE_MS:
        raise ValueError("stretches of a minute or more can be skipped")
    detail = f"jump over stretches without data of {length / MINUTE_MS:g} minutes or more"
    return Choice(title, detail, lambda: tell(lambda link: link.set_skip(length)), named=True)
