"""A cursor in a list and the part of the list that is seen."""

from __future__ import annotations


def step_of(action_id: str, count: int, page: int) -> int | None:
    """By how many of `count` rows, `page` of them seen, an action of the keymap moves; None when it is no move."""
    page, half = max(1, page), max(1, page // 2)
    return {
        "move_up": -1,
        "move_down": 1,
        "half_page_up": -half,
        "half_page_down": half,
        "page_up": -page,
        "page_down": page,
        "move_first": -count,
        "move_last": count,
    }.get(action_id)


class Scroll:
    """`at` is the cursor's row, `top` the first row seen."""

    __slots__ = ("at", "top")

    def __init__(self) -> None:
        self.at = 0
        self.top = 0

    def fit(self, count: int, page: int) -> range:
        """Keep cursor and window inside `count` rows with `page` of them seen; the rows that are seen."""
        self.at = max(0, min(self.at, count - 1))
        page = max(1, page)
        if self.at < self.top:
            self.top = self.at
        elif self.at >= self.top + page:
            self.top = self.at - page + 1
        self.top = max(0, min(self.top, count - page))
        return range(self.top, min(count, self.top + page))

    def act(self, action_id: str, count: int, page: int) -> bool:
        """Move as an action of the keymap says; False when it is no move."""
        step = step_of(action_id, count, page)
        if step is None:
            return False
        self.at = max(0, min(self.at + step, count - 1))
        return True
