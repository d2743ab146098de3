"""A folder of keymaps that are wrong in every way, each with the sentences that are said of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

WRITE = "(write a character or a name such as f5, ctrl+r, pageup)"


class Bad(NamedTuple):
    """What stands under `[keys]` (and before it), the mistakes, the warnings."""

    keys: str
    said: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    desk: str = ""


BAD_KEYMAPS: dict[str, Bad] = {
    "empty": Bad(""),
    "unknown_id": Bad(
        'filtr = "f5"\nxyzzy = "f6"\n',
        (
            "keys.filtr: no such action (did you mean 'filter'?)",
            "keys.xyzzy: no such action (`crashdesk keys` lists them)",
        ),
    ),
    "id_in_capitals": Bad('Zoom = "f5"\n', ("keys.Zoom: no such action (did you mean 'zoom'?)",)),
    "unknown_key": Bad(
        'filter = ["spcae", "f5"]\nzoom = "hyper+z"\nbrief = ""\n',
        (
            f"keys.filter: no key is called 'spcae', did you mean 'space'? {WRITE}",
            f"keys.zoom: no key is called 'hyper+z', known: alt, ctrl, shift {WRITE}",
            f"keys.brief: no key is called '' {WRITE}",
        ),
    ),
    "clash": Bad(
        'filter = "q"\n',
        (
            (
                "keys.filter: q already belongs to quit (quit); filter keeps / "
                "(choose another key, or give quit other keys too)"
            ),
        ),
    ),
    "clash_of_one_of_two": Bad(
        'filter = ["f5", "F"]\n',
        (
            (
                "keys.filter: F already belongs to hour_on (one hour on); filter has only F5 "
                "(choose another key, or give hour_on other keys too)"
            ),
        ),
    ),
    "twice": Bad(
        'zoom = "f5"\nfilter = "f5"\n',
        (
            (
                "keys.filter: F5 already belongs to zoom (zoom the pane and back); filter keeps / "
                "(write the key for one of them)"
            ),
        ),
    ),
    "chain": Bad(
        'zoom = "s"\nsort = "q"\n',
        (
            (
                "keys.sort: q already belongs to quit (quit); sort keeps s "
                "(choose another key, or give quit other keys too)"
            ),
            (
                "keys.zoom: s already belongs to sort (sort by the column whose letter is pressed next); zoom keeps z "
                "(choose another key, or give sort other keys too)"
            ),
        ),
    ),
    "fixed": Bad(
        'interrupt = "f5"\nplace_snap = "5"\nzoom = ["f6", "ctrl+c"]\n',
        (
            "keys.interrupt: these keys can't be changed (remove the line)",
            (
                "keys.zoom: Ctrl+c already belongs to interrupt (pressed twice: quit); zoom has only F6 "
                "(choose another key, this one can't be given away)"
            ),
            (
                "keys.place_snap: 5 already belongs to place_type (type a price); place_snap keeps x "
                "(choose another key, this one can't be given away)"
            ),
        ),
    ),
    "wrong_type": Bad(
        'filter = 5\nzoom = [true]\nsort = { key = "f5" }\n',
        (
            "keys.filter: must be text, is a whole number (put it in quotes)",
            "keys.zoom: must be text, is true or false (put it in quotes)",
            "keys.sort: must be text, is a table (put it in quotes)",
        ),
    ),
    "no_table": Bad("", ("keys: must be a table, is text",), desk='keys = "vim"\n'),
    "preset": Bad(
        "", ("desk.keymap: unknown keymap 'emacs' (known: default, vim)",), desk='[desk]\nkeymap = "emacs"\n'
    ),
    "vim_clash": Bad(
        'note = "n"\n',
        (
            (
                "keys.note: n already belongs to event_next (next event); note keeps J "
                "(choose another key, or give event_next other keys too)"
            ),
        ),
        desk='[desk]\nkeymap = "vim"\n',
    ),
    "twins": Bad(
        'zoom = "ctrl+i"\n',
        (
            (
                "keys.zoom: Tab already belongs to focus_next (next pane); zoom keeps z "
                "(choose another key, or give focus_next other keys too)"
            ),
        ),
        ("keys.zoom: Ctrl+i: terminals send Tab for Ctrl+i: it is the same key (give zoom a second key)",),
    ),
    "unsure": Bad(
        'zoom = "alt+z"\nsort = "ctrl+shift+s"\nbrief = "ctrl+h"\npicture = "ctrl+1"\nhelp = ["f1", "shift+1"]\n'
        'quit = "f13"\nnote = "shift+enter"\n',
        (),
        (
            (
                "keys.zoom: Alt+z: with Alt many terminals type another character or send Esc first "
                "(give zoom a second key)"
            ),
            "keys.sort: Ctrl+Shift+s: most terminals send Ctrl+s instead (give sort a second key)",
            "keys.brief: Ctrl+h: most terminals send Backspace instead (give brief a second key)",
            "keys.picture: Ctrl+1: most terminals can't send Ctrl+1 (give picture a second key)",
            "keys.help: Shift+1: write the character that it types instead (give help a second key)",
            "keys.quit: F13: few keyboards and terminals have this key (give quit a second key)",
            "keys.note: Shift+Enter: terminals send Enter alone (give note a second key)",
        ),
    ),
    "escapes": Bad(
        '"\\u001b[2J" = "f5"\nzoom = "\\u001b[31m"\n',
        (
            "keys.[2J: no such action (`crashdesk keys` lists them)",
            f"keys.zoom: no key is called '[31m' {WRITE}",
        ),
    ),
}


def keymap_toml(name: str) -> str:
    """The config.toml of that name."""
    bad = BAD_KEYMAPS[name]
    return bad.desk + (f"[keys]\n{bad.keys}" if bad.keys else "")


def write_bad_keymaps(folder: Path) -> None:
    """All of them as files, and `all.toml` with every line that can stand beside the others."""
    folder.mkdir(parents=True)
    for name in BAD_KEYMAPS:
        (folder / f"{name}.toml").write_text(keymap_toml(name), encoding="utf-8")
    lines: dict[str, str] = {}
    for bad in BAD_KEYMAPS.values():
        for line in bad.keys.splitlines():
            lines.setdefault(line.partition(" = ")[0], line)
    text = '[desk]\nkeymap = "emacs"\n[keys]\n' + "\n".join(lines.values()) + "\n"
    (folder / "all.toml").write_text(text, encoding="utf-8")
