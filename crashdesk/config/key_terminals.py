"""Keys that not every terminal can tell from another one, or can send at all.

A terminal without the newer keyboard protocols sends Ctrl with a letter as one of 32 control characters, some of which
are keys of their own, and has no way to say Shift with them; Alt is Esc before the key, or types a letter of its own.
"""

from __future__ import annotations

from crashdesk.config.key_names import SPECIAL_KEYS, canonical_key, show_key

_TWINS = {"tab": "ctrl+i", "enter": "ctrl+m", "escape": "ctrl+left_square_bracket"}
_CONTROL_CHARACTERS = {"backslash", "right_square_bracket", "circumflex_accent", "underscore"}
"""What there is of Ctrl with punctuation."""
_BARE = {"enter", "space", "backspace", "escape", "tab"}
"""Keys whose modifiers get lost on the way."""
_ON_KEYBOARDS = 12


def why_unsure(written: str) -> str:
    """Why a key, as a user wrote it, may never reach the desk; empty when it will.

    Raises ValueError as `canonical_key` does.
    """
    key = canonical_key(written)
    *modifiers, last = key.split("+")
    if not modifiers:
        return _why_plain(written, key)
    if "alt" in modifiers:
        return "with Alt many terminals type another character or send Esc first"
    if key == "shift+tab" or (last in SPECIAL_KEYS and last not in _BARE):
        return ""
    if modifiers == ["shift"]:
        return (
            f"terminals send {show_key(last)} alone" if last in _BARE else "write the character that it types instead"
        )
    if "shift" in modifiers:
        return f"most terminals send {show_key(f'ctrl+{last}')} instead"
    if last == "h":
        return "most terminals send Backspace instead"
    if last in _CONTROL_CHARACTERS or (last.isascii() and len(last) == 1 and last.isalpha()):
        return ""
    return f"most terminals can't send {show_key(key)}"


def _why_plain(written: str, key: str) -> str:
    """Of a key that has no modifier, or lost the one that was written."""
    if key in _TWINS and "+" in written.strip()[:-1]:
        return f"terminals send {show_key(key)} for {show_key(_TWINS[key])}: it is the same key"
    number = key[1:]
    if key.startswith("f") and number.isdigit() and int(number) > _ON_KEYBOARDS:
        return "few keyboards and terminals have this key"
    return ""
