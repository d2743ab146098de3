"""What a cascade is: its settings, and the one sentence that defines it."""

from typing import NamedTuple

from crashdesk.model.timeframe import MINUTE_MS


class CascadeSettings(NamedTuple):
    """The parameters of the definition.

    `window_ms` is W, whole minutes. `factor` is k. `floor_usd` is the least sum of a window, `one_sided` the least
    share of its larger side (0.5 to 1), `sigmas` how many σ·√W the price must have moved.
    """

    window_ms: int = 5 * MINUTE_MS
    factor: float = 4.0
    floor_usd: float = 5_000_000.0
    one_sided: float = 0.65
    sigmas: float = 2.0


def cascade_definition(settings: CascadeSettings) -> str:
    """The definition in a sentence, with its figures, to stand wherever cascades are reported."""
    return (
        f"A cascade (there is no standard; this is crashdesk's own) is a span in which, within {_minutes(settings)}, "
        f"observed liquidations exceed {settings.factor:g} times the median of such spans over the 24 h before and "
        f"${settings.floor_usd:,.0f}, at least {settings.one_sided * 100:g} % are of one side, and the price of the "
        f"coin liquidated most moves against that side by more than {settings.sigmas:g} σ·√W "
        "(σ of minute returns over the 24 h before). It tells what was, never what will be."
    )


def _minutes(settings: CascadeSettings) -> str:
    count = settings.window_ms // MINUTE_MS
    return "W = 1 minute" if count == 1 else f"W = {count} minutes"
