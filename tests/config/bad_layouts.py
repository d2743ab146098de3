"""A folder of layouts that are wrong in every way, each with the sentences that are to be said of it."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "a layout's name has 1 to 24 of a-z, 0-9, _ and - (rename the file)"
NO_LAYOUT = "the whole file was left out"
KNOWN = "(known: chart, levels, liquidations, sectors, tickers, timeline)"

TEXTS: dict[str, tuple[bytes, tuple[str, ...], tuple[str, ...] | None]] = {
    "good": (
        b'columns = ["chart", { rows = ["levels", "tickers"], weight = 2 }]\n',
        (),
        ("chart", "levels", "tickers"),
    ),
    "empty": (b"", ("rows: is missing (write rows or columns, a list of panes)",), None),
    "no_panes": (b"rows = []\n", ("rows: shows no pane (the layout was left out)",), None),
    "unknown_pane": (
        b'rows = ["tickers", "sektors", "x"]\n',
        ("rows[1]: unknown pane 'sektors' (did you mean 'sectors'?)", f"rows[2]: unknown pane 'x' {KNOWN}"),
        ("tickers",),
    ),
    "unknown_in_a_box": (
        b'columns = ["chart", { rows = ["levels", { pane = "timelime" }] }]\n',
        ("columns[1].rows[1].pane: unknown pane 'timelime' (did you mean 'timeline'?)",),
        ("chart", "levels"),
    ),
    "unknown_key": (
        b'rows = [{ pane = "chart", wieght = 2 }]\ncolums = ["levels"]\n',
        (
            "rows[0].wieght: unknown key (did you mean 'weight'?)",
            "colums: unknown key (did you mean 'columns'?)",
        ),
        ("chart",),
    ),
    "twice": (
        b'rows = ["chart", { columns = ["levels", "chart"] }, "levels"]\n',
        (
            "rows[1].columns[1]: 'chart' has a place already (a pane is shown once)",
            "rows[2]: 'levels' has a place already (a pane is shown once)",
        ),
        ("chart", "levels"),
    ),
    "both": (
        b'rows = ["chart"]\ncolumns = ["levels"]\n',
        ("columns: both rows and columns (put one of them into a box of the other)",),
        ("chart",),
    ),
    "pane_and_rows": (
        b'rows = [{ pane = "chart", rows = ["levels"] }]\n',
        ("rows[0].pane: a box has a pane or further boxes, not both (the pane was left out)",),
        ("levels",),
    ),
    "no_pane": (
        b'rows = ["chart", { weight = 2 }]\n',
        ("rows[1].pane: is missing (or write rows or columns)",),
        ("chart",),
    ),
    "weights": (
        (
            b'rows = [{ pane = "chart", weight = 0 }, { pane = "levels", weight = "2" },'
            b' { pane = "tickers", weight = nan }]\n'
        ),
        (
            "rows[0].weight: must be 0.01 to 1000, is 0",
            "rows[1].weight: must be a number, is text",
            "rows[2].weight: must be 0.01 to 1000, is nan",
        ),
        ("chart", "levels", "tickers"),
    ),
    "bounds": (
        (
            b'rows = [{ pane = "chart", least = 1 }, { pane = "levels", least = 9, most = 5 },'
            b' { pane = "tickers", most = 2.5 }]\n'
        ),
        (
            "rows[0].least: must be 3 to 400, is 1",
            "rows[1].most: must not be under least, is 5 and least is 9 (most was left out)",
            "rows[2].most: must be a whole number, is a number",
        ),
        ("chart", "levels", "tickers"),
    ),
    "wrong_types": (
        b'title = 3\nrows = ["chart", 7, ["levels"]]\n',
        (
            "title: must be text, is a whole number (put it in quotes)",
            'rows[1]: must be a pane\'s name or a table, is a whole number (write { pane = "chart" })',
            'rows[2]: must be a pane\'s name or a table, is a list (write { pane = "chart" })',
        ),
        ("chart",),
    ),
    "no_list": (
        b'rows = "chart"\n',
        ("rows: must be a list, is text (put it in [ ])", "rows: shows no pane (the layout was left out)"),
        None,
    ),
    "deep": (
        b'rows = ["chart", ' + b"{ rows = [" * 7 + b'"levels"' + b"] }" * 7 + b"]\n",
        (f"rows[1]{'.rows[0]' * 5}.rows: more than 6 boxes in one another (left out)",),
        ("chart",),
    ),
    "no_toml": (b"rows = [\n", (f"bad TOML: Invalid value (at end of document) ({NO_LAYOUT})",), None),
    "nested": (
        b"x = " + b"[" * 20_000,
        (f"bad TOML: nested too deeply or a number too long ({NO_LAYOUT})",),
        None,
    ),
    "latin": (b'# fine\ntitle = "\xff"\n', ("not UTF-8 text (line 2) (save it as UTF-8)",), None),
    "huge": (b"# x\n" * 30_000, ("larger than 100 kB (this is no file of crashdesk's)",), None),
    "escapes": (
        b'title = "\\u001b[31mred"\nrows = ["chart", "\\u001b[2J"]\n["\\u001b[2J"]\na = 1\n',
        (
            f"rows[1]: unknown pane '[2J' {KNOWN}",
            '"[2J": unknown key (known: columns, rows, title)',
        ),
        ("chart",),
    ),
    "Capitals": (b'rows = ["chart"]\n', (NAME,), None),
    "red\x1b[31m": (b"", (NAME,), None),
}
"""Name of the file without `.toml`: what is in it, what is said of it, the panes that it shows (None: no layout)."""

OTHERS = {
    "folder": ("is a directory",),
    "nowhere": ("no such file or directory",),
    "pipe": ("is a pipe (settings are read from a file)",),
}
"""What is no file at all."""


def write_bad_layouts(folder: Path) -> dict[str, tuple[str, ...]]:
    """Put all of them into `folder`; what is to be said, by the file's name."""
    folder.mkdir(parents=True)
    for name, (body, _, _) in TEXTS.items():
        (folder / f"{name}.toml").write_bytes(body)
    (folder / "folder.toml").mkdir()
    (folder / "nowhere.toml").symlink_to(folder / "gone")
    os.mkfifo(folder / "pipe.toml")
    return {name: sentences for name, (_, sentences, _) in TEXTS.items()} | OTHERS
