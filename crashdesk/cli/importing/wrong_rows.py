"""Rows that cannot be taken: named by their place and reason, and counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from crashdesk.model.errors import CrashdeskError

_NAMED = 20


class RowError(ValueError):
    """A row that cannot be taken. `kind` is the reason in two or three words, the text says it of this row."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class WrongRows:
    """Collects them. `strict`: the first one ends the import."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self.counts: Counter[tuple[Path, str]] = Counter()
        self._named: dict[Path, list[str]] = {}

    def add(self, path: Path, where: str, error: RowError) -> None:
        """Take one more. Raises CrashdeskError when it is strict."""
        said = f"{path}: {where}: {error}"
        if self._strict:
            raise CrashdeskError(f"{said} (nothing is imported, --strict)")
        self.counts[path, error.kind] += 1
        named = self._named.setdefault(path, [])
        if len(named) < _NAMED:
            named.append(said)

    def of(self, path: Path) -> dict[str, int]:
        """How many of a file, by reason."""
        return {kind: count for (file, kind), count in sorted(self.counts.items()) if file == path}

    def lines(self) -> list[str]:
        """The first of each file one by one, then how many there are for what reason."""
        said = []
        for path, named in self._named.items():
            by_kind = self.of(path)
            said += named
            reasons = ", ".join(f"{kind} {count:,}" for kind, count in by_kind.items())
            said.append(f"{path}: {sum(by_kind.values()):,} rows left out ({reasons})")
        return said
