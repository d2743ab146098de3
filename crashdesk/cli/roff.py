"""Text as roff for man pages: what people wrote, safe from what troff takes for orders."""

from __future__ import annotations

from textwrap import wrap

_WIDTH = 70


def escaped(text: str) -> str:
    """A piece of text: backslashes and hyphens as they are (an option must be copied as it stands)."""
    return text.replace("\\", r"\e").replace("-", r"\-")


def flowing(text: str) -> str:
    """Text that is filled when it is shown, in lines of a usual length."""
    return "\n".join(map(line, wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)))


def line(text: str) -> str:
    """A line of text, which must not look like a request."""
    words = escaped(text)
    return rf"\&{words}" if words[:1] in {".", "'"} else words


def bold(text: str) -> str:
    """In bold."""
    return rf"\fB{escaped(text)}\fR"


def italic(text: str) -> str:
    """In italics: what the user puts in."""
    return rf"\fI{escaped(text)}\fR"


def section(title: str) -> str:
    """A heading."""
    return f".SH {quoted(title.upper())}"


def subsection(title: str) -> str:
    """A heading under one."""
    return f".SS {quoted(title)}"


def item(head: str, *text: str) -> list[str]:
    """A paragraph with a hanging head, which is roff already."""
    return [".TP", head, *map(flowing, text)]


def example(lines: tuple[str, ...]) -> list[str]:
    """Lines as they are, indented."""
    return [".nf", ".RS 4", *map(line, lines), ".RE", ".fi"]


def quoted(text: str) -> str:
    """An argument of a request."""
    return '"' + escaped(text).replace('"', r"\(dq") + '"'
