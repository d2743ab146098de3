"""The floor of a first paint: a Textual app with one line of text (`python -m bench.empty_app`)."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

TEXT = "nothing to see"


class EmptyApp(App[None]):
    """One Static."""

    def compose(self) -> ComposeResult:
        yield Static(TEXT)


if __name__ == "__main__":
    EmptyApp().run()
