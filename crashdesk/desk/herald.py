"""Alerts on the desk: a line at the bottom, the terminal's bell and notification, the user's command, the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from crashdesk.desk.ports import AlertPorts

if TYPE_CHECKING:
    from textual.timer import Timer

    from crashdesk.config.alert_settings import AlertSettings
    from crashdesk.desk.app import CrashDesk
    from crashdesk.desk.suggestions import Choice
    from crashdesk.model.ports import Clock
    from crashdesk.session.alerts import Raised

SHOWN_S = 8.0


class Herald:
    """Tells each alert once. Only a live desk is given `outside`; replayed alerts are shown and nothing else."""

    def __init__(
        self, app: CrashDesk, clock: Clock, rules: Sequence[AlertSettings], outside: AlertPorts | None
    ) -> None:
        self._app = app
        self._clock = clock
        self._rules = rules
        self._outside = outside
        self._muted = False
        self._shown: tuple[Raised, ...] = ()
        self._timer: Timer | None = None

    def announce(self, raised: Raised) -> None:
        """An alert went off. From any thread."""
        self._app.call_later(self._tell, raised)

    def mute(self, *, on: bool) -> None:
        """No line, bell, notification or command any more, or again."""
        self._muted = on
        self._app.desk.status.mute(on=on)
        if on:
            self._clear()
        self._app.say("alerts are muted: they only go to the timeline" if on else "alerts are told again")

    def page(self) -> None:
        """The rules and what they raised, over the desk."""
        from crashdesk.desk.alert_page import alert_page
        from crashdesk.desk.reader import text_page

        look, view = self._app.desk.look, self._app.view
        alerts, levels = view.alerts if view else (), self._app.keeper.book.levels
        text = alert_page(self._rules, alerts, look, muted=self._muted, levels=levels)
        self._app.desk.read("Alerts", partial(text_page, text, max(20, self._app.size.width - 4)))

    def choices(self) -> tuple[Choice, ...]:
        """What the command line offers."""
        from crashdesk.desk.suggestions import Choice

        return (
            Choice("alerts", "the rules, and what went off in the last 24 hours", self.page),
            Choice("alerts mute", "no line, bell, notification or command", lambda: self.mute(on=True)),
            Choice("alerts unmute", "tell them again", lambda: self.mute(on=False)),
        )

    def _tell(self, raised: Raised) -> None:
        if self._muted:
            return
        self._show(raised)
        if self._outside is None or not raised.aloud(self._clock.now_ms()):
            return
        if raised.rule.bell:
            self._app.bell()
        self._send(self._outside.notification(raised.rule, raised.text))
        self._outside.run(raised.rule, raised.ts_ms, raised.text)

    def _send(self, sequence: str) -> None:
        """Through Textual's driver, between two frames: it never falls into the middle of one."""
        driver = self._app._driver  # as the app's own bell and clipboard do
        if sequence and driver is not None:
            driver.write(sequence)

    def _show(self, raised: Raised) -> None:
        self._shown = (raised, *self._shown)
        self._app.desk.bottom.tell(tuple(each.text for each in self._shown), replayed=raised.replayed)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._app.set_timer(SHOWN_S, self._clear)

    def _clear(self) -> None:
        self._shown = ()
        self._app.desk.bottom.tell((), replayed=False)
