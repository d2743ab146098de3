"""A worker that was started by a desk ends when the desk's pipe on its standard input closes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import BinaryIO


def call_at_end_of_input(stream: BinaryIO, call: Callable[[], None]) -> Callable[[], None]:
    """Call `call` once `stream` (a pipe) has ended; what comes before is ignored. Returns how to stop watching.

    Must be called inside the running loop. Raises OSError or ValueError when the stream is no pipe that can be watched.
    """
    loop = asyncio.get_running_loop()
    descriptor = stream.fileno()

    def readable() -> None:
        try:
            data = os.read(descriptor, 4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            loop.remove_reader(descriptor)
            call()

    loop.add_reader(descriptor, readable)

    def stop_watching() -> None:
        loop.remove_reader(descriptor)

    return stop_watching
