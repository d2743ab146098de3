"""A theme as the text of a file that explains itself, and the reference of all its keys."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from crashdesk.config.colour import ANSI_NAMES
from crashdesk.config.theme import Theme
from crashdesk.config.theme_file import READABLE, READABLE_TEXT
from crashdesk.config.theme_keys import GROUPS, THEME_KEYS, ThemeKey

_HEAD = """\
# A theme of crashdesk. Its name is that of the file; `crashdesk themes check` says what is wrong with it.
# A desk that is open shows a change within a second or two, and stays as it was while something is wrong.
#
# A colour is "#rrggbb", "#rgb" or one of your terminal's own:
{ansi}
# What is left out is taken from the theme that this one extends, so every line here may go.
# On each of the three grounds base.text should have a contrast (WCAG 2.2) of {text:g}, what is coloured of {least:g}.

extends = "{base}"
title = "{title}"
{dark:<34}# whether its grounds are dark
"""


def new_theme_text(name: str, base: Theme) -> str:
    """A theme's file that looks as `base`, every key with what it colours."""
    ansi = "\n".join(f"#   {line}" for line in wrap(", ".join(ANSI_NAMES), 108))
    head = _HEAD.format(
        ansi=ansi, text=READABLE_TEXT, least=READABLE, base=base.id, title=name, dark=f"dark = {str(base.dark).lower()}"
    )
    return head + "".join(_group(group, base) for group in GROUPS)


def reference() -> str:
    """All keys as a Markdown table."""
    lines = ["| key | colours | value |", "|---|---|---|"]
    for group, words in GROUPS.items():
        lines.append(f"| **[{group}]** | {words} | |")
        lines += [f"| `{key.name}` | {key.colours} | {_value_words(key)} |" for key in THEME_KEYS if key.group == group]
    return "\n".join(lines) + "\n"


def _value_words(key: ThemeKey) -> str:
    return f"a list of colours, {key.many}" if key.many else "a colour"


def _group(group: str, theme: Theme) -> str:
    return "\n".join([f"\n# {GROUPS[group]}", f"[{group}]", *_lines(group, theme), ""])


def _lines(group: str, theme: Theme) -> Iterator[str]:
    for key in THEME_KEYS:
        if key.group != group:
            continue
        value = getattr(getattr(theme, group), key.name)
        if isinstance(value, str):
            yield f"{f'{key.name} = {_quoted(value)}':<34}# {key.colours}"
        else:
            yield f"# {key.colours} ({key.many})"
            yield f"{key.name} = [{', '.join(map(_quoted, value))}]"


def _quoted(colour: str) -> str:
    return f'"{colour}"'
