"""Write what is generated in the documents: `make docs`; `--check` only says what would be other now.

A generated part stands between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from crashdesk.cli.man_page import man_page
from crashdesk.cli.venues import liquidations_markdown
from crashdesk.config.commands import commands_markdown
from crashdesk.config.key_names import SPECIAL_KEYS
from crashdesk.config.key_table import keys_markdown, preset_markdown, presets_markdown
from crashdesk.config.keymap import build_keymap
from crashdesk.config.reference import config_markdown
from crashdesk.config.theme_text import reference
from crashdesk.config.ticker_settings import columns_markdown

ROOT = Path(__file__).parents[1]


def _usual_keys() -> str:
    return keys_markdown(build_keymap(())[0])


def _key_names() -> str:
    return ", ".join(f"`{name}`" for name in SPECIAL_KEYS) + ".\n"


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {
        "columns": columns_markdown,
        "keys": _usual_keys,
        "vim": lambda: preset_markdown("vim"),
        "commands": commands_markdown,
        "venues": liquidations_markdown,
    },
    "docs/config.md": {"config": config_markdown},
    "docs/keys.md": {"presets": presets_markdown, "names": _key_names, "commands": commands_markdown},
    "docs/themes.md": {"keys": reference},
}
"""Files, and what makes their generated parts."""


def generated(text: str, parts: dict[str, Callable[[], str]]) -> str:
    """`text` with its generated parts as they are now. Raises ValueError where a mark is missing."""
    for name, make in parts.items():
        head, tail = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, begin, rest = text.partition(head)
        _, end, after = rest.partition(tail)
        if not (begin and end):
            raise ValueError(f"no {head.strip()} ... {tail}")
        text = f"{before}{head}{make()}{tail}{after}"
    return text


WHOLE: dict[str, Callable[[], str]] = {"docs/crashdesk.1": man_page}
"""Files that are generated from their first line to their last."""


def stale() -> Iterator[tuple[Path, str]]:
    """The files that are not as they would be made now, with their text."""
    for name, make in WHOLE.items():
        file, text = ROOT / name, make()
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield file, text
    for name, parts in PARTS.items():
        before = (ROOT / name).read_text(encoding="utf-8")
        after = generated(before, parts)
        if after != before:
            yield ROOT / name, after


def main() -> int:
    """Write them, or check them; 1 when some are not as they would be."""
    files = list(stale())
    for file, text in files:
        if sys.argv[1:] == ["--check"]:
            sys.stdout.write(f"{file.relative_to(ROOT)}: not as it would be made now; run: make docs\n")
        else:
            file.write_text(text, encoding="utf-8")
    return 1 if files and sys.argv[1:] == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main())
