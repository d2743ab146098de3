"""Layouts of the user's own: tables of config.toml and files beside it, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from crashdesk.config.checks import a_list, a_table, kind_of, number, shown, text, whole
from crashdesk.config.layouts import DESK, PANES, PRESETS, Box, PaneBox, PaneLayout, SplitBox
from crashdesk.config.near import did_you_mean
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml
from crashdesk.config.theme_file import is_theme_name
from crashdesk.config.themes import theme_files

NAME_RULE = "a layout's name has 1 to 24 of a-z, 0-9, _ and -"
MOST_BYTES = 100_000
MOST_DEPTH = 6
"""Boxes in boxes: with six panes nobody needs more."""

_WEIGHT = number(0.01, 1_000)
_CELLS = whole(3, 400)
_SPLITS = ("rows", "columns")


def read_layouts(table: Table) -> tuple[PaneLayout, ...]:
    """The layouts under `[layouts]` that can be used; the others are problems of the table."""
    found = []
    for name in table.names():
        if table.take(name, a_table, None) is None:
            continue
        if not is_theme_name(name):
            table.problem(name, NAME_RULE, "rename the table")
            continue
        layout = _layout(table.table(name), name)
        if layout is not None:
            found.append(layout)
    return tuple(found)


def load_layouts(
    user_dir: Path, of_settings: Sequence[PaneLayout] = ()
) -> tuple[dict[str, PaneLayout], tuple[Problem, ...]]:
    """All layouts by id, and what is wrong with the files: built-in ones, then those of config.toml, then files.

    A layout of the same name as an earlier one takes its place.
    """
    problems: list[Problem] = []
    layouts = PRESETS | {layout.id: layout for layout in of_settings}
    for file in theme_files(user_dir):
        layout = read_layout(file, problems)
        if layout is not None:
            layouts[layout.id] = layout
    return layouts, tuple(problems)


def layout_ids(user_dir: Path, of_settings: Sequence[PaneLayout]) -> tuple[str, ...]:
    """The names that a layout of the user's may be chosen by, without reading the files."""
    files = (file.stem for file in theme_files(user_dir) if is_theme_name(file.stem))
    return tuple(dict.fromkeys((*PRESETS, *(layout.id for layout in of_settings), *files)))


def pick_layout(layouts: Mapping[str, PaneLayout], layout_id: str) -> PaneLayout:
    """The layout of that id, else the one of all panes."""
    return layouts.get(layout_id) or layouts.get(DESK.id) or DESK


def read_layout(file: Path, problems: list[Problem]) -> PaneLayout | None:
    """The layout in `file`, called as the file is; None with a problem when nothing in it can be shown."""
    if not is_theme_name(file.stem):
        problems.append(Problem(file, "", NAME_RULE, "rename the file"))
        return None
    raw = read_toml(file, problems, MOST_BYTES)
    return None if raw is None else _layout(Table(raw, file, problems), file.stem)


def _layout(table: Table, name: str) -> PaneLayout | None:
    """A wrong box is left out, and what is left of the layout is used."""
    title = table.take("title", text, "")
    seen: set[str] = set()
    root = _split(table, seen, 1)
    table.finish()
    if root is None:
        if not any(table.has(key) for key in _SPLITS):
            table.problem("rows", "is missing", "write rows or columns, a list of panes")
        return None
    if not seen:
        table.problem("columns" if root.across else "rows", "shows no pane", "the layout was left out")
        return None
    return PaneLayout(name, title, root)


def _split(table: Table, seen: set[str], depth: int) -> SplitBox | None:
    """The `rows` or `columns` of a table; None when it has neither, or they are no list."""
    has = [key for key in _SPLITS if table.has(key)]
    inner: list[Box] = []
    for key in _SPLITS:
        items: list[object] = table.take(key, a_list, [])
        if key not in has[:1]:
            continue
        if depth > MOST_DEPTH:
            table.problem(key, f"more than {MOST_DEPTH} boxes in one another", "left out")
            continue
        inner = [box for at, item in enumerate(items) if (box := _box(table, f"{key}[{at}]", item, seen, depth))]
    if len(has) > 1:
        table.problem("columns", "both rows and columns", "put one of them into a box of the other")
    return SplitBox(has[0] == "columns", tuple(inner)) if has else None


def _box(table: Table, place: str, item: object, seen: set[str], depth: int) -> Box | None:
    """A pane by its name alone, or a table of a pane or of further boxes."""
    if isinstance(item, str):
        return PaneBox(item) if _is_new(table, place, item, seen) else None
    if not isinstance(item, dict):
        table.problem(place, f"must be a pane's name or a table, is {kind_of(item)}", 'write { pane = "chart" }')
        return None
    inner = table.inside(place, item)
    weight = inner.take("weight", _WEIGHT, 1.0)
    least, most = inner.take("least", _CELLS, None), inner.take("most", _CELLS, None)
    if least is not None and most is not None and most < least:
        inner.problem("most", f"must not be under least, is {most} and least is {least}", "most was left out")
        most = None
    pane = inner.take("pane", text, "")
    split = _split(inner, seen, depth + 1)
    inner.finish()
    if pane and split is not None:
        inner.problem("pane", "a box has a pane or further boxes, not both", "the pane was left out")
    if split is not None:
        return split._replace(weight=weight, least=least, most=most) if split.boxes else None
    if not pane:
        if not inner.has("pane"):
            inner.problem("pane", "is missing", "or write rows or columns")
        return None
    return PaneBox(pane, weight, least, most) if _is_new(inner, "pane", pane, seen) else None


def _is_new(table: Table, place: str, pane: str, seen: set[str]) -> bool:
    """Whether there is such a pane and it has no place yet; else a problem."""
    if pane not in PANES:
        table.problem(place, f"unknown pane {shown(pane)}", did_you_mean(pane, PANES))
        return False
    if pane in seen:
        table.problem(place, f"{shown(pane)} has a place already", "a pane is shown once")
        return False
    seen.add(pane)
    return True
