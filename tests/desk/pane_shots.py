"""What a pane looks like, as text whose diff can be read: its characters, then each style with some of its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.strip import Strip

SAMPLES = 3
_LONGEST = 18


def shot(strips: Sequence[Strip], styled: Mapping[str, Sequence[Strip]]) -> str:
    """The text of a pane; `styled` are the same lines in every theme that is told of, by its name."""
    parts = ["\n".join(strip.text.rstrip() for strip in strips)]
    parts += [f"[{theme}]\n" + "\n".join(style_lines(lines)) for theme, lines in styled.items()]
    return "\n\n".join(parts) + "\n"


def style_lines(strips: Sequence[Strip]) -> list[str]:
    """`#e6b450 on #0b0e14 bold: "BTC" "ETH"`: every style that is used, with its first words."""
    words: dict[str, list[str]] = {}
    for strip in strips:
        for segment in strip:
            text = " ".join(segment.text.split())
            if not text:
                continue
            seen = words.setdefault(_name(segment.style or Style()), [])
            if len(seen) < SAMPLES and text[:_LONGEST] not in seen:
                seen.append(text[:_LONGEST])
    return [f"{style}: {' '.join(map(_quoted, seen))}" for style, seen in sorted(words.items())]


def _name(style: Style) -> str:
    fore, back = (color.name if color is not None else "-" for color in (style.color, style.bgcolor))
    flags = [name for name in ("bold", "dim", "italic", "underline", "reverse", "strike") if getattr(style, name)]
    return " ".join([f"{fore} on {back}", *flags])


def _quoted(text: str) -> str:
    return f'"{text}"'
