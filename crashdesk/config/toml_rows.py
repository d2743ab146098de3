"""Changing single rows of a TOML file of `[[name]]` tables, while everything else in it stays as its owner wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence

Row = dict[str, str | int | float]
"""One row as TOML holds it."""

Document = dict[str, list[Row]]
"""The rows of a file by the name of their tables, in the order in which the names stand in the file."""

# a line without an open quote, and then a comment
_COMMENT = r"""(?m)^(?:[^"'#\n]|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')*+\#"""


class UnsplittableError(ValueError):
    """The rows are not written as tables of their own, one below the other."""


def new_text(document: Document) -> str:
    """All rows as TOML, with an empty line between two."""
    import tomli_w

    # row by row: a short list would be written into one line
    return "\n".join(f"[[{name}]]\n{tomli_w.dumps(row)}" for name, rows in document.items() for row in rows)


def has_comments(text: str) -> bool:
    """Whether TOML text has a comment; texts over several lines count as one, they could hold anything."""
    return '"""' in text or "'''" in text or re.search(_COMMENT, text) is not None


def row_starts(text: str, name: str) -> list[int]:
    """Where the `[[name]]` lines begin."""
    return [match.start() for match in _header(name).finditer(text)]


def changed_text(text: str, before: Document, after: Document, key: Sequence[str], *, every_row: bool = False) -> str:
    """`text`, which holds `before`, made to hold `after`: rows that are the same in both stay as they are written,
    unless `every_row` is to be written out.

    Rows are told apart by their values of `key`. Comments stay, but for those on the lines of a row that is removed.
    Raises UnsplittableError.
    """
    starts = sorted((start, name) for name in before for start in row_starts(text, name))
    ends = [*(start for start, _ in starts), len(text)][1:]
    blocks: dict[str, list[str]] = {name: [] for name in before}
    for (start, name), end in zip(starts, ends, strict=True):
        blocks[name].append(text[start:end])
    written = text[: starts[0][0]] if starts else text
    for name, found in blocks.items():
        if len(found) != len(before[name]):
            raise UnsplittableError(name)
        old = [
            (_key(row, key), None if every_row else row, block) for row, block in zip(before[name], found, strict=True)
        ]
        written = _with_rows(written, name, old, {_key(row, key): row for row in after[name]})
    return written


_Key = tuple[str | int | float, ...]


def _with_rows(written: str, name: str, old: list[tuple[_Key, Row | None, str]], new: dict[_Key, Row]) -> str:
    """`written` and the rows of one name behind it: the old ones (key, what the block holds, block) as they are now,
    then those that were added.
    """
    parts = [written]
    for key, row, block in old:
        now = new.pop(key, None)
        parts.append(block if now == row is not None else _changed_block(block, name, now))
    text = "".join(parts)
    if not new:
        return text
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return text + gap + new_text({name: list(new.values())})


def _changed_block(block: str, name: str, row: Row | None) -> str:
    """A row's text made to hold `row` (None: removed); comments below its last line belong to what follows."""
    lines = block.splitlines(keepends=True)
    end = max(i for i, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#"))
    body, tail = "".join(lines[:end]), "".join(lines[end:])
    if row is None:
        return tail if tail.strip() else ""
    if not has_comments(body):
        return new_text({name: [row]}) + tail
    import tomlkit

    document = tomlkit.parse(body)
    tables = document[name]
    assert isinstance(tables, tomlkit.items.AoT)  # noqa: S101 - it begins with [[name]]
    table = tables[0]
    for gone in [key for key in table if key not in row]:
        del table[gone]
    for key, value in row.items():
        if table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document) + tail


def _header(name: str) -> re.Pattern[str]:
    return re.compile(rf"""^[ \t]*\[\[[ \t]*["']?{re.escape(name)}["']?[ \t]*\]\]""", re.MULTILINE)


def _key(row: Row, key: Sequence[str]) -> _Key:
    return tuple(row[name] for name in key)
