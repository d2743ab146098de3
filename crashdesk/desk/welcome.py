"""The very first start: a card with the keys that matter, closed by any key, never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from crashdesk.session.views import Mode

if TYPE_CHECKING:
    from crashdesk.desk.app import CrashDesk
    from crashdesk.desk.errands import Errands
    from crashdesk.desk.welcome_card import WelcomeCard
    from crashdesk.session.desklink import DeskLink

CARD = "card"
WIDTH, ROWS = 74, 11
_CLOSING = {"enter", "escape"}


def card_region(width: int, height: int) -> Region | None:
    """Where the card stands on a screen of that size; None where it has no room."""
    if width < WIDTH or height < ROWS + 2:
        return None
    return Region((width - WIDTH) // 2, (height - ROWS) // 2, WIDTH, ROWS)


class Welcome:
    """Shows the card once something is on the screen, if it was never closed before; a replay waits meanwhile."""

    def __init__(self, app: CrashDesk, errands: Errands, link: DeskLink) -> None:
        self._app = app
        self._errands = errands
        self._link = link
        self._card: WelcomeCard | None = None
        self._paused = False

    def begin(self) -> None:
        """The first picture is there."""
        self._errands.look_at_first(self._show)

    def takes(self, key: str) -> bool:
        """Close the card; whether the key was only for that."""
        if self._card is None:
            return False
        self.close()
        return key in _CLOSING

    def close(self) -> None:
        """Away with it, for good."""
        card, self._card = self._card, None
        if card is not None:
            card.remove()
            if self._paused:
                self._link.toggle_play()
            self._errands.first_seen()

    def _show(self) -> None:
        from crashdesk.desk.welcome_card import WelcomeCard  # only once in a lifetime

        desk, view = self._app.desk, self._app.view
        if card_region(*self._app.size) is not None:
            self._card = WelcomeCard(desk.look, self._app.keymap, self.close, replay=desk.arrangement.scrubber)
            desk.mount(self._card)
            # a crash that is over before its first words are read would be a poor beginning
            self._paused = view is not None and view.transport.mode is Mode.REPLAY and view.transport.playing
            if self._paused:
                self._link.toggle_play()
