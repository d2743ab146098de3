"""Work that makes many values at once, without looking for garbage among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Hundreds of thousands of small values are made at once and kept: looking for garbage among them costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # all of it goes among the old values without being looked through
            gc.freeze()
            gc.unfreeze()
            gc.enable()
