"""What panes and threads tell the app."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from crashdesk.model.recorder import RecorderState
from crashdesk.session.desklink import DeskLink
from crashdesk.session.views import DeskView


class ViewArrived(Message):
    """A new picture from the folding thread; a newer one in the queue replaces it."""

    def __init__(self, view: DeskView) -> None:
        super().__init__()
        self.view = view

    def can_replace(self, message: Message) -> bool:
        """Only the newest picture matters."""
        return isinstance(message, ViewArrived)


class WorkerLine(Message):
    """What the status line says of the worker."""

    def __init__(self, state: RecorderState) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest line matters."""
        return isinstance(message, WorkerLine)


class ChooseSymbol(Message):
    """Make a symbol the desk's symbol."""

    def __init__(self, symbol: str) -> None:
        super().__init__()
        self.symbol = symbol


class Tell(Message):
    """Ask the folding thread for something, such as other weights or another filter."""

    def __init__(self, ask: Callable[[DeskLink], None]) -> None:
        super().__init__()
        self.ask = ask


class SeekTo(Message):
    """Jump to a time (replay)."""

    def __init__(self, at_ms: int) -> None:
        super().__init__()
        self.at_ms = at_ms


class OpenPage(Message):
    """Open a page of plain text over the desk."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title = title
        self.text = text


class AskCommand(Message):
    """Open the command line with `text` typed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Remember(Message):
    """Keep a choice for the next time: `name` is that of a field of `config.remembered.Remembered`."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.name = name
        self.value = value


class AskLine(Message):
    """Ask the user for one line in the bottom bar.

    `changed` is called with every change, `done` with the text when it is accepted, `left` when it is not.
    """

    def __init__(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        text: str = "",
        changed: Callable[[str], None] | None = None,
        left: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.label = label
        self.text = text
        self.done = done
        self.changed = changed
        self.left = left


class Say(Message):
    """Tell the user something in a toast; `severity` is information, warning or error."""

    def __init__(self, text: str, *, severity: str = "information") -> None:
        super().__init__()
        self.text = text
        self.severity = severity
