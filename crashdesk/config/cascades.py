"""The `[cascades]` table: what counts as a cascade when a recording is written."""

from __future__ import annotations

from crashdesk.config.checks import BadValueError, number, text
from crashdesk.config.table import Table
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.timeframe import HOUR_MS, MINUTE_MS
from crashdesk.model.times import parse_duration


def read_cascades(table: Table) -> CascadeSettings:
    """The settings in `table`, the usual ones where it says nothing. `one_sided` is written in percent."""
    usual = CascadeSettings()
    found = CascadeSettings(
        window_ms=table.take("window", _window, usual.window_ms),
        factor=table.take("factor", number(1, 1_000), usual.factor),
        floor_usd=table.take("floor_usd", number(1, 1e12), usual.floor_usd),
        one_sided=table.take("one_sided", number(50, 100), usual.one_sided * 100) / 100,
        sigmas=table.take("sigmas", number(0, 100), usual.sigmas),
    )
    table.finish()
    return found


def _window(value: object) -> int:
    """A length of whole minutes, 1m to 1h, in ms."""
    try:
        width = parse_duration(text(value))
    except ValueError as error:
        if isinstance(error, BadValueError):
            raise
        raise BadValueError(str(error)) from None
    if width % MINUTE_MS or not MINUTE_MS <= width <= HOUR_MS:
        raise BadValueError("must be whole minutes, 1m to 1h", 'such as "5m"')
    return width
