"""A folder of themes that are wrong in every way, each with the sentences that are to be said of it."""

from __future__ import annotations

from pathlib import Path

NO_THEME = "the whole file was left out"
HARD = "is readable)"

TEXTS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ()),
    "missing_keys": (b'[base]\ntext = "#fff"\n', ()),
    "unknown_key": (
        b'[base]\nacent = "#fff"\n',
        ("base.acent: unknown key (did you mean 'accent'?)",),
    ),
    "unknown_table": (
        b'[char]\nprice = "#fff"\n',
        ("char: unknown key (did you mean 'chart'?)",),
    ),
    "unknown_base": (
        b'extends = "papper"\n',
        ("extends: unknown built-in theme 'papper' (did you mean 'paper'?)",),
    ),
    "bad_colour": (
        b'[market]\ngain = "greenish"\n',
        ("market.gain: no colour: 'greenish' (write #rrggbb or an ANSI name such as ansi_red)",),
    ),
    "bad_ansi": (
        b'[levels]\nstop = "ansi_rd"\n',
        ("levels.stop: no colour: 'ansi_rd' (did you mean 'ansi_red'?)",),
    ),
    "bad_hex": (
        b'[base]\ntext = "#12345g"\n',
        ("base.text: no colour: '#12345g' (write #rrggbb or an ANSI name such as ansi_red)",),
    ),
    "wrong_type": (
        b'dark = "yes"\ntitle = 7\nbase = 3\n[market]\nloss = 1\nheat = "#fff"\n',
        (
            "title: must be text, is a whole number (put it in quotes)",
            "dark: must be true or false, is text (without quotes)",
            "base: must be a table, is a whole number",
            "market.loss: must be text, is a whole number (put it in quotes)",
            "market.heat: must be a list, is text (put it in [ ])",
        ),
    ),
    "short_ramp": (
        b'[market]\nheat = ["#111", "#222"]\nsizes = ["#aaa"]\n',
        (
            "market.heat: must have an odd number of colours, 5 or more, has 2 (worst loss first)",
            "market.sizes: must have 4 or 5 colours, has 1 (smallest first)",
        ),
    ),
    "bad_in_a_ramp": (
        b'[market]\nheat = ["#f00", "#800", "black", "#080", "#0f0"]\n',
        ("market.heat: no colour: 'black' (did you mean 'ansi_black'?)",),
    ),
    "too_faint": (
        b'[base]\nbackground = "#000"\nsurface = "#000"\npanel = "#000"\ntext = "#555"\n[market]\nloss = "#300"\n',
        (
            f"base.text: #555555 is hard to read on base.background #000000: contrast 2.8 (at least 4.5 {HARD}",
            f"market.loss: #330000 is hard to read on base.background #000000: contrast 1.1 (at least 3 {HARD}",
        ),
    ),
    "twins": (
        b'[market]\ngain = "#999999"\nloss = "#999999"\nlong = "#aaa"\nshort = "#aaa"\n',
        (
            "market.loss: the same colour as market.gain (choose another)",
            "market.short: the same colour as market.long (choose another)",
        ),
    ),
    "key_twice": (
        b'[base]\ntext = "#fff"\ntext = "#eee"\n',
        (f"bad TOML: Cannot overwrite a value (at line 3, column 14) ({NO_THEME})",),
    ),
    "no_toml": (
        b"a = = 1\n",
        (f"bad TOML: Invalid value (at line 1, column 5) ({NO_THEME})",),
    ),
    "nested": (
        b"x = " + b"[" * 20_000,
        (f"bad TOML: nested too deeply or a number too long ({NO_THEME})",),
    ),
    "latin": (b'# fine\ntitle = "\xff"\n', ("not UTF-8 text (line 2) (save it as UTF-8)",)),
    "binary": (bytes(range(256)) * 8, ("not UTF-8 text (line 2) (save it as UTF-8)",)),
    "huge": (b"# x\n" * 30_000, ("larger than 100 kB (this is no file of crashdesk's)",)),
    "escapes": (
        b'title = "\\u001b[31mred\\u0007"\n[base]\ntext = "\\u001b[0m"\n["\\u001b[2J"]\na = 1\n',
        (
            "base.text: no colour: '[0m' (write #rrggbb or an ANSI name such as ansi_red)",
            '"[2J": unknown key (known: base, chart, dark, extends, levels, market, status, title)',
        ),
    ),
    "Capitals": (b"", ("a theme's name has 1 to 24 of a-z, 0-9, _ and - (rename the file)",)),
    "two words": (b"", ("a theme's name has 1 to 24 of a-z, 0-9, _ and - (rename the file)",)),
    "red\x1b[31m": (b"", ("a theme's name has 1 to 24 of a-z, 0-9, _ and - (rename the file)",)),
}
"""Name of the file without `.toml`: what is in it, what is said of it."""

OTHERS = {
    "folder": ("is a directory",),
    "nowhere": ("no such file or directory",),
    "pipe": ("is a pipe (settings are read from a file)",),
}
"""What is no file at all."""


def write_bad_themes(folder: Path) -> dict[str, tuple[str, ...]]:
    """Put all of them into `folder`; what is to be said, by the file's name."""
    import os

    folder.mkdir(parents=True)
    said = {}
    for name, (body, sentences) in TEXTS.items():
        (folder / f"{name}.toml").write_bytes(body)
        said[name] = sentences
    (folder / "folder.toml").mkdir()
    (folder / "nowhere.toml").symlink_to(folder / "gone")
    os.mkfifo(folder / "pipe.toml")
    (folder / ".#hidden.toml").write_text("nobody looks", encoding="utf-8")
    return said | OTHERS
