"""The page of alerts: every rule with how it tells, and what went off."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.alert_settings import AlertSettings, Notify
from crashdesk.desk import figures
from crashdesk.desk.look import Look
from crashdesk.session.alert_words import condition, span
from crashdesk.session.views import AlertView

_NAME = 20


def alert_page(rules: Sequence[AlertSettings], alerts: Sequence[AlertView], look: Look, *, muted: bool) -> str:
    """The text of the page, the newest alert first."""
    lines = ["RULES"]
    for rule in rules:
        last = next((alert.ts_ms for alert in reversed(alerts) if alert.name == rule.name), None)
        told = f", last {figures.clock(last, look.zone)}" if last is not None else ""
        lines += [f"{rule.name:<{_NAME}}  {condition(rule)}", f"{'':<{_NAME}}  {_ways(rule)}{told}", ""]
    if muted:
        lines += ["Muted: alerts only go to the timeline. alerts unmute ends it.", ""]
    lines.append("ALERTS OF THE LAST 24 HOURS")
    lines += [_line(alert, look) for alert in reversed(alerts)] or ["none"]
    lines += ["", "Rules are set in config.toml: crashdesk config init writes one that explains them."]
    if any(alert.replayed for alert in alerts):
        lines.append("Replayed alerts are those of what was played, not of what was jumped over; they make no sound.")
    return "\n".join(lines)


def _ways(rule: AlertSettings) -> str:
    if not rule.enabled:
        return "off"
    ways = ["on the desk"]
    if rule.bell:
        ways.append("bell")
    if rule.notify is not Notify.OFF:
        ways.append("notification")
    if rule.run:
        ways.append(f"runs {rule.run[0]}")
    return f"{', '.join(ways)}; then quiet for {span(round(rule.repeat_seconds * 1000))}"


def _line(alert: AlertView, look: Look) -> str:
    when = f"{figures.month_day(alert.ts_ms, look.zone)} {figures.clock(alert.ts_ms, look.zone)}"
    return f"{when}  {alert.name}: {'replayed: ' if alert.replayed else ''}{alert.text}"
