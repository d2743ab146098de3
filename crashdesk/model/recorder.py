"""What a desk is told of its recorder."""

from typing import NamedTuple

PAUSED = "REC paused"
"""How a line begins that tells that nothing can be recorded."""


class RecorderState(NamedTuple):
    """One line for the user; `well` is whether it records."""

    words: str
    well: bool
