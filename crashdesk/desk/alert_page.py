"""The page of alerts: every rule with how it tells, and what went off."""

from __future__ import annotations

from collections.abc import Sequence

from crashdesk.config.alert_settings import AlertSettings, Notify, level_rule
from crashdesk.desk import figures
from crashdesk.desk.look import Look
from crashdesk.desk.prices import written_price
from crashdesk.model.level import Level
from crashdesk.session.alert_words import condition, span
from crashdesk.session.views import AlertView

_NAME = 20


def alert_page(
    rules: Sequence[AlertSettings],
    alerts: Sequence[AlertView],
    look: Look,
    *,
    muted: bool,
    levels: Sequence[Level] = (),
) -> str:
    """The text of the page, the newest alert first; of the `levels` those that name an alert."""
    lines = ["RULES"]
    for rule in rules:
        last = next((alert.ts_ms for alert in reversed(alerts) if alert.name == rule.name), None)
        told = f", last {figures.clock(last, look.zone)}" if last is not None else ""
        lines += [f"{rule.name:<{_NAME}}  {condition(rule)}", f"{'':<{_NAME}}  {_ways(rule)}{told}", ""]
    lines += _levels(levels, rules)
    if muted:
        lines += ["Muted: alerts only go to the timeline. alerts unmute ends it.", ""]
    lines.append("ALERTS OF THE LAST 24 HOURS")
    lines += [_line(alert, look) for alert in reversed(alerts)] or ["none"]
    lines += ["", "Rules are set in config.toml: crashdesk config init writes one that explains them."]
    if any(alert.replayed for alert in alerts):
        lines.append("Replayed alerts are those of what was played, not of what was jumped over; they make no sound.")
    return "\n".join(lines)


def _levels(levels: Sequence[Level], rules: Sequence[AlertSettings]) -> list[str]:
    """Every level that names an alert, by symbol from the highest price down."""
    named = sorted((level for level in levels if level.alert), key=lambda each: (each.symbol, -each.price))
    if not named:
        return []
    lines = ["LEVELS WITH AN ALERT"]
    for level in named:
        label = f" {level.label}" if level.label else ""
        off = "" if level_rule(level.alert, rules) else " (no alert of levels is on by that name)"
        lines.append(f"{level.alert:<{_NAME}}  {level.symbol} {written_price(level.price)} {level.kind}{label}{off}")
    return [*lines, ""]


def _ways(rule: AlertSettings) -> str:
    if not rule.enabled:
        return "off"
    ways = ["on the desk"]
    if rule.bell:
        ways.append("bell")
    if rule.notify is not Notify.OFF:
        ways.append("notification")
    if rule.send:
        ways.append("sent")
    if rule.run:
        ways.append(f"runs {rule.run[0]}")
    return f"{', '.join(ways)}; then quiet for {span(round(rule.repeat_seconds * 1000))}"


def _line(alert: AlertView, look: Look) -> str:
    text = figures.with_minus(alert.text, look.glyphs)
    when = f"{figures.month_day(alert.ts_ms, look.zone)} {figures.clock(alert.ts_ms, look.zone)}"
    return f"{when}  {alert.name}: {'replayed: ' if alert.replayed else ''}{text}"
