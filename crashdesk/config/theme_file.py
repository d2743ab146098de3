"""One theme from one TOML file: what is right in it, what is wrong, and what is hard to read."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from crashdesk.config.checks import BadValueError, Check, boolean, list_of, one_of, text
from crashdesk.config.colour import colour, contrast
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml
from crashdesk.config.theme import (
    MONO,
    BaseColours,
    ChartColours,
    LevelColours,
    MarketColours,
    StatusColours,
    Theme,
)

DEFAULT_THEME = "midnight"
READABLE_TEXT = 4.5
READABLE = 3.0
"""The least contrast on each of the three grounds: of `base.text`, and of what is coloured besides (WCAG 2.2, 1.4.3:
4.5 for text, 3 for text that is large or bold; a coloured figure has its sign and its place, too).
"""
MOST_BYTES = 100_000
"""No theme is larger: one that is would keep the desk waiting."""

Colours = TypeVar("Colours", BaseColours, LevelColours, ChartColours, StatusColours)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}")
NAME_RULE = "a theme's name has 1 to 24 of a-z, 0-9, _ and -"


class ThemeFile(NamedTuple):
    """What a file gave. Without a theme the whole file could not be used; `warnings` are of colours, not mistakes."""

    theme: Theme | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


def is_theme_name(name: str) -> bool:
    """Whether a theme may be called so: its name is typed, listed and put into other programs' names."""
    return _NAME.fullmatch(name) is not None


def read_theme(file: Path, bases: Mapping[str, Theme]) -> ThemeFile:
    """The theme in `file`, called as the file is.

    It takes what it does not say from the one of `bases` that it `extends` (default: the one of the same name, else
    midnight), and in the place of a wrong value too. A file that is no TOML gives no theme.
    """
    problems: list[Problem] = []
    if not is_theme_name(file.stem):
        return ThemeFile(None, (Problem(file, "", NAME_RULE, "rename the file"),))
    raw = read_toml(file, problems, MOST_BYTES)
    if raw is None:
        return ThemeFile(None, tuple(problems))
    theme = _theme(Table(raw, file, problems), file.stem, bases)
    return ThemeFile(theme, tuple(problems), tuple(_hard_to_read(theme, file)))


def _theme(table: Table, theme_id: str, bases: Mapping[str, Theme]) -> Theme:
    own = theme_id if theme_id in bases else DEFAULT_THEME
    extended = table.take("extends", one_of(tuple(bases), "built-in theme"), own)
    base = bases.get(extended, MONO)
    theme = Theme(
        id=theme_id,
        title=table.take("title", text, theme_id),
        dark=table.take("dark", boolean, base.dark),
        base=_colours(table.table("base"), base.base),
        market=_market(table.table("market"), base.market),
        levels=_colours(table.table("levels"), base.levels),
        chart=_colours(table.table("chart"), base.chart),
        status=_colours(table.table("status"), base.status),
    )
    table.finish()
    return theme


def _colours(table: Table, base: Colours) -> Colours:
    """One colour for each field of the group that `base` is."""
    values = {name: table.take(name, colour, getattr(base, name)) for name in base._fields}
    table.finish()
    return type(base)(**values)


def _market(table: Table, base: MarketColours) -> MarketColours:
    colours = MarketColours(
        gain=table.take("gain", colour, base.gain),
        loss=table.take("loss", colour, base.loss),
        long=table.take("long", colour, base.long),
        short=table.take("short", colour, base.short),
        heat=table.take("heat", _heat, base.heat),
        sizes=table.take("sizes", _sizes, base.sizes),
    )
    table.finish()
    return colours


_COLOURS: Check[tuple[str, ...]] = list_of(colour, at_most=99)


def _heat(value: object) -> tuple[str, ...]:
    ramp = _COLOURS(value)
    if len(ramp) < 5 or len(ramp) % 2 == 0:
        raise BadValueError(f"must have an odd number of colours, 5 or more, has {len(ramp)}", "worst loss first")
    return ramp


def _sizes(value: object) -> tuple[str, ...]:
    tiers = _COLOURS(value)
    if len(tiers) not in {4, 5}:
        raise BadValueError(f"must have 4 or 5 colours, has {len(tiers)}", "smallest first")
    return tiers


def _hard_to_read(theme: Theme, file: Path) -> list[Problem]:
    """Words and figures that are lost on one of the grounds, gain and loss or long and short that look the same."""
    base, market, found = theme.base, theme.market, []
    shown = (
        ("base.text", base.text, READABLE_TEXT),
        ("base.muted", base.muted, READABLE),
        ("market.gain", market.gain, READABLE),
        ("market.loss", market.loss, READABLE),
        ("market.long", market.long, READABLE),
        ("market.short", market.short, READABLE),
    )
    for key, value, least in shown:
        grounds = ((contrast(value, getattr(base, name)), name) for name in ("background", "surface", "panel"))
        ratio, name = min(((ratio, name) for ratio, name in grounds if ratio is not None), default=(least, ""))
        if ratio < least:
            what = f"{value} is hard to read on base.{name} {getattr(base, name)}: contrast {ratio:.1f}"
            found.append(Problem(file, key, what, f"at least {least:g} is readable"))
    for name, other in (("loss", "gain"), ("short", "long")):
        # the terminal's own colour says nothing of how it looks, and a theme of one colour wants no others
        same = getattr(market, name)
        if same == getattr(market, other) and same != base.text:
            found.append(Problem(file, f"market.{name}", f"the same colour as market.{other}", "choose another"))
    return found
