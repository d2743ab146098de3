"""What the chart is given of the desk around it."""

from collections.abc import Callable
from typing import NamedTuple

from crashdesk.desk.messages import AskLine


class ChartPorts(NamedTuple):
    """`ask` types a line, from the very next key on; `level_kept` gets the id of a level that was added or changed.

    `alert_names` are those of config.toml, which a level may name.
    """

    ask: Callable[[AskLine], None]
    level_kept: Callable[[str], None]
    alert_names: tuple[str, ...] = ()
