"""What is typed at the bottom: lines that panes ask for, and the command line with its list."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import events

from crashdesk.desk.desk_screen import DeskScreen
from crashdesk.desk.messages import AskLine
from crashdesk.session.views import DeskView

if TYPE_CHECKING:
    from crashdesk.desk.command_line import CommandLine

_STEPS = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}


class Typist:
    """Owns the keys while a line is typed. `commands` gives what a command line may mean, when one is first wanted."""

    def __init__(self, screen: DeskScreen, commands: Callable[[], CommandLine], warn: Callable[[str], None]) -> None:
        self._screen = screen
        self._make_commands = commands
        self._warn = warn

    @cached_property
    def _commands(self) -> CommandLine:
        return self._make_commands()

    def open_commands(self, view: DeskView | None, left: Callable[[], None], text: str = "") -> None:
        """The command line, with `text` typed; `left` is called when it is closed without a choice."""

        def changed(text: str) -> None:
            self._screen.offer(self._commands.choices(text, view))

        done = partial(self._run, view=view, left=left)
        self._screen.ask(AskLine(":", done, text=text, changed=changed, left=left))
        changed(text)

    def key(self, event: events.Key, action_id: str | None) -> bool:
        """A key while a line is typed; False when it means something else (Ctrl+C)."""
        prompt = self._screen.bottom.prompt
        if prompt is None:
            return False
        if action_id == "input_accept":
            self._screen.bottom.ask(None)
            prompt.asked.done(prompt.text)
            if self._screen.bottom.prompt is None:
                self._screen.ask(None)
        elif action_id == "input_cancel":
            self._screen.ask(None)
            if prompt.asked.left is not None:
                prompt.asked.left()
        elif action_id is not None:
            return False
        elif event.key in _STEPS:
            self._step(_STEPS[event.key])
        elif prompt.key(event):
            self._screen.bottom.redraw()
        return True

    def paste(self, text: str) -> None:
        """Pasted text goes where the cursor is."""
        prompt = self._screen.bottom.prompt
        if prompt is not None:
            prompt.insert(text)
            self._screen.bottom.redraw()

    def _step(self, step: int) -> None:
        listed = self._screen.suggestions
        if listed is None:
            return
        listed.move(step)
        chosen = listed.chosen
        if chosen is not None and chosen.preview is not None:
            chosen.preview()

    def _run(self, text: str, view: DeskView | None, left: Callable[[], None]) -> None:
        """Only what the text names, or what the user moved to; the rest is refused with a sentence."""
        listed = self._screen.suggestions
        chosen = listed.chosen if listed else None
        meant = chosen is not None and listed is not None and (chosen.named or listed.moved)
        if chosen is not None and chosen.run is not None and meant:
            chosen.run()
            return
        if chosen is not None and chosen.fill and meant and text.strip().casefold() != chosen.fill.strip().casefold():
            self.open_commands(view, left, chosen.fill)
            return
        left()
        if not text.strip():
            return
        if chosen is not None and chosen.run is None and not chosen.fill:
            self._warn(f"{chosen.title}: {chosen.detail}")
        else:
            self._warn(self._commands.refusal(text, view))
