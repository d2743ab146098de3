"""What a change of the trader's levels did, in words."""

from __future__ import annotations

from crashdesk.desk.prices import written_price
from crashdesk.model.level import Level

Levels = tuple[Level, ...]


def change_words(before: Levels, after: Levels, symbol: str) -> str:
    """`level 105,000 removed`, `level 105,000 is back`, `level 105,000 moved to 104,000`.

    The symbol is named when it is not `symbol`, the desk's.
    """
    old, new = {level.id: level for level in before}, {level.id: level for level in after}
    said = [f"{_name(level, symbol)} removed" for level in before if level.id not in new]
    said += [f"{_name(level, symbol)} is back" for level in after if level.id not in old]
    said += [_changed(old[level.id], level, symbol) for level in after if level.id in old and old[level.id] != level]
    return ", ".join(said) or "nothing changed"


def _changed(old: Level, new: Level, symbol: str) -> str:
    if old.price != new.price:
        return f"{_name(old, symbol)} moved to {written_price(new.price)}"
    return f"{_name(new, symbol)} is {new.kind} {new.label}".rstrip()


def _name(level: Level, symbol: str) -> str:
    price = written_price(level.price)
    return f"level {price}" if level.symbol == symbol else f"level {price} of {level.symbol}"
