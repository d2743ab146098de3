"""Themes in TOML: the built-in ones and the user's, read by the same loader, with their problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from crashdesk.config.checks import BadValueError, Check, boolean, list_of, one_of, text
from crashdesk.config.colour import colour, contrast
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml
from crashdesk.config.theme import (
    TERMINAL,
    BaseColours,
    ChartColours,
    LevelColours,
    MarketColours,
    StatusColours,
    Theme,
)

DEFAULT_THEME = "midnight"
READABLE = 3.0
"""The least contrast (WCAG 2.2 ratio) of words and figures on the background."""

Colours = TypeVar("Colours", BaseColours, LevelColours, ChartColours, StatusColours)


def built_in_dir() -> Path:
    """Where the built-in themes are: inside the installed package, or `themes/` of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def theme_ids(user_dir: Path | None) -> tuple[str, ...]:
    """The ids of all themes, built-in first, without reading them."""
    files = [*_files(built_in_dir()), *(_files(user_dir) if user_dir else ())]
    return tuple(dict.fromkeys([*(file.stem for file in files), TERMINAL.id]))


def load_themes(user_dir: Path | None) -> tuple[dict[str, Theme], tuple[Problem, ...]]:
    """All themes by id, and what is wrong with their files.

    A user's theme takes what it does not say from the built-in theme that it `extends` (default: the built-in one of
    the same name, else midnight). A wrong value is left out in the same way; a file that is no TOML gives no theme.
    """
    problems: list[Problem] = []
    built_in: dict[str, Theme] = {TERMINAL.id: TERMINAL}
    for file in _files(built_in_dir()):
        _load_into(built_in, file, {TERMINAL.id: TERMINAL}, problems)
    themes = dict(built_in)
    for file in _files(user_dir) if user_dir else ():
        _load_into(themes, file, built_in, problems)
    return themes, tuple(problems)


class BuiltInThemes(Mapping[str, Theme]):
    """The built-in themes by id; a theme's file is read when the theme is asked for."""

    def __init__(self) -> None:
        self._files = {file.stem: file for file in _files(built_in_dir())}
        self._read: dict[str, Theme] = {TERMINAL.id: TERMINAL}

    def __getitem__(self, theme_id: str) -> Theme:
        if theme_id not in self._read:
            _load_into(self._read, self._files[theme_id], {TERMINAL.id: TERMINAL}, [])
        return self._read[theme_id]

    def __iter__(self) -> Iterator[str]:
        return iter((TERMINAL.id, *self._files))

    def __len__(self) -> int:
        return 1 + len(self._files)


def desk_themes(user_dir: Path) -> tuple[Mapping[str, Theme], tuple[Problem, ...]]:
    """The themes of a desk, as `load_themes`; without themes of the user's own only the one that is worn is read."""
    return load_themes(user_dir) if _files(user_dir) else (BuiltInThemes(), ())


def pick_theme(themes: Mapping[str, Theme], theme_id: str) -> Theme:
    """The theme of that id, or the default one, or the one that is always there."""
    return themes.get(theme_id) or themes.get(DEFAULT_THEME) or TERMINAL


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _load_into(themes: dict[str, Theme], file: Path, bases: Mapping[str, Theme], problems: list[Problem]) -> None:
    raw = read_toml(file, problems)
    if raw is not None:
        theme = _read_theme(Table(raw, file, problems), file.stem, bases)
        problems.extend(_unreadable(theme, file))
        themes[theme.id] = theme


def _read_theme(table: Table, theme_id: str, bases: Mapping[str, Theme]) -> Theme:
    own = theme_id if theme_id in bases else DEFAULT_THEME
    base = pick_theme(bases, table.take("extends", one_of(bases, "built-in theme"), own))
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


_COLOURS: Check[tuple[str, ...]] = list_of(colour)


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


def _unreadable(theme: Theme, file: Path) -> list[Problem]:
    """Warnings: words and figures that can't be read on the background, gain and loss that look the same."""
    problems = []
    shown = (("base.text", theme.base.text), ("market.gain", theme.market.gain), ("market.loss", theme.market.loss))
    for key, value in shown:
        ratio = contrast(value, theme.base.background)
        if ratio is not None and ratio < READABLE:
            what = f"{value} is hard to read on the background {theme.base.background}: contrast {ratio:.1f}"
            problems.append(Problem(file, key, what, f"at least {READABLE:g} is readable"))
    if theme.market.gain == theme.market.loss:
        problems.append(Problem(file, "market.loss", "the same colour as market.gain", "choose another"))
    return problems
