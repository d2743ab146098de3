"""Following a recording that grows, with alerts, wherever it goes on."""

from __future__ import annotations

from crashdesk.session.alerts import AlertBook
from crashdesk.session.player import Player, Watcher


def follow(player: Player, budget_s: float, alerts: AlertBook, watcher: Watcher | None = None) -> bool:
    """Fold what was appended, shown to `watcher` (else to `alerts`); False when there is more.

    A recording that goes on in another file is taken up at the moment where the first one ended: what held then has
    been told.
    """
    source = player.source
    done = player.follow(budget_s, watcher or alerts.see)
    if player.source is not source:
        alerts.settle(player.state)
    return done
