"""`python -m crashdesk.analytics.find_levels`: key levels, in a process of its own that lives for one question.

One line of questions on standard input, one line of answers on standard output. The input stays open until the answer
is read: when it closes earlier, the asker is gone and this process ends at once.
"""

from __future__ import annotations

import os
import sys
import threading

NICE = 10


def main() -> int:
    """Answer one line. Questions that can't be read end it with a ValueError."""
    os.nice(NICE)
    # the modules below take most of this process's life; by now it is out of the desk's way
    from crashdesk.analytics.key_levels import key_levels
    from crashdesk.analytics.levels_text import found_text, read_asks

    line = sys.stdin.readline()
    if not line:
        return 0
    threading.Thread(target=_leave_with_the_asker, name="asker", daemon=True).start()
    answer = found_text([key_levels(ask.days, ask.last) for ask in read_asks(line)])
    sys.stdout.write(answer + "\n")
    sys.stdout.flush()
    return 0


def _leave_with_the_asker() -> None:
    while sys.stdin.readline():
        pass
    os._exit(1)


if __name__ == "__main__":
    code = main()
    # a thread that reads standard input would be waited for when the interpreter closes it
    sys.stdout.flush()
    os._exit(code)
