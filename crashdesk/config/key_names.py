"""Names of keys: what a user may write in `[keys]`, what the desk binds, what is shown.

The canonical name is the one that Textual gives a key event: a letter or digit as it is, the Unicode name of any other
character with underscores (`question_mark`), the name of a special key (`pageup`), and modifiers before it in the order
of the alphabet (`ctrl+shift+left`).
"""

from __future__ import annotations

import unicodedata

from crashdesk.config.near import did_you_mean
from crashdesk.model.text import clean

MODIFIERS = ("alt", "ctrl", "shift")

_FUNCTION_KEYS = tuple(f"f{number}" for number in range(1, 25))
_EDITING_KEYS = ("tab", "enter", "escape", "space", "backspace", "insert", "delete")
SPECIAL_KEYS = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", *_EDITING_KEYS, *_FUNCTION_KEYS)
"""Keys without a character of their own to write."""

_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    "plus_sign": "plus",
    "hyphen_minus": "minus",
    "solidus": "slash",
    "period": "full_stop",
    "dot": "full_stop",
    "equals": "equals_sign",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
}
"""Other names, and keys that a terminal can't tell apart."""

_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}


def _character_key(character: str) -> str:
    """The canonical name of the key that types `character`."""
    if character == " ":
        return "space"
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


_CHARACTERS = {_character_key(character): character for character in _PUNCTUATION}
"""Canonical name to character, for punctuation."""


def canonical_key(text: str) -> str:
    """The canonical name of the key that a user wrote as `?`, `question_mark`, `Ctrl+R`, `shift+left`, `S` …

    Raises ValueError with one sentence when there is no such key.
    """
    word = text if len(text) == 1 else text.strip()
    if len(word) == 1 and (word.isprintable() or word == " "):
        return _character_key(word)
    *modifiers, last = [*word[:-1].split("+"), "+"] if word.endswith("++") else word.split("+")
    modifiers = sorted({modifier.strip().lower() for modifier in modifiers if modifier})
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            raise _unknown(text, did_you_mean(modifier, MODIFIERS))
    return _combined(modifiers, _base_key(text, last.strip(), bool(modifiers)))


def show_key(key: str) -> str:
    """A canonical key as people read it: `?`, `Ctrl+r`, `Shift+Tab`, `↑`."""
    *modifiers, last = key.split("+")
    shown = _CHARACTERS.get(last) or _SHOWN.get(last) or (last if len(last) == 1 else last.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def _base_key(text: str, last: str, modified: bool) -> str:
    """The canonical name of the part behind the modifiers."""
    if len(last) == 1 and last.isprintable():
        return _character_key(last.lower() if modified else last)
    name = _ALIASES.get(last.lower(), last.lower())
    if name not in SPECIAL_KEYS and name not in _CHARACTERS:
        raise _unknown(text, did_you_mean(name, (*SPECIAL_KEYS, *_CHARACTERS)))
    return name


def _combined(modifiers: list[str], base: str) -> str:
    """Modifiers and key in one name; Shift with a letter is the capital letter."""
    if modifiers == ["shift"] and len(base) == 1 and base.isalpha():
        return base.upper()
    name = "+".join([*modifiers, base])
    return _ALIASES.get(name, name)


def _unknown(text: str, hint: str) -> ValueError:
    return ValueError(f"no key is called {clean(text, 40)!r}" + (f", {hint}" if hint else ""))
