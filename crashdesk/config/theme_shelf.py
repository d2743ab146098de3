"""The themes of a desk that runs: the user's files are looked at again and again, and the last good ones are kept."""

from pathlib import Path
from typing import NamedTuple

from crashdesk.config.settings import Problem
from crashdesk.config.theme import Theme
from crashdesk.config.theme_file import ThemeFile, read_theme
from crashdesk.config.themes import Themes, theme_files

Stamp = tuple[int, int, int]
"""Modification time in ns, size, inode: what tells that a file is not the one that was read."""


class ThemeNews(NamedTuple):
    """All themes as they are now, and what is wrong in the files that changed."""

    themes: Themes
    problems: tuple[Problem, ...]


class _Shelved(NamedTuple):
    """What was found in a file the last time, and the theme that is used."""

    stamp: Stamp
    theme: Theme | None


class ThemeShelf:
    """One thread at a time. The first look reads all, a later one only what changed."""

    def __init__(self, user_dir: Path) -> None:
        self._dir = user_dir
        self._built_in = Themes()
        self._shelved: dict[Path, _Shelved] | None = None

    def look(self) -> ThemeNews | None:
        """The themes, when any file was written, put there or taken away since the last look; else None."""
        before, now = self._shelved, _stamps(self._dir)
        if before is not None and now == {file: kept.stamp for file, kept in before.items()}:
            return None
        shelved: dict[Path, _Shelved] = {}
        problems: list[Problem] = []
        for file, stamp in now.items():
            old = (before or {}).get(file)
            if old is not None and old.stamp == stamp:
                shelved[file] = old
                continue
            found = read_theme(file, self._built_in)
            theme, kept = _best(found, old)
            shelved[file] = _Shelved(stamp, theme)
            problems += (*found.problems, *kept, *found.warnings)
        self._shelved = shelved
        own = {kept.theme.id: kept.theme for kept in shelved.values() if kept.theme is not None}
        return ThemeNews(Themes(own), tuple(problems))


def _best(found: ThemeFile, old: _Shelved | None) -> tuple[Theme | None, tuple[Problem, ...]]:
    """The theme to use, and what to say when it is not the new one: a mistake never spoils what was good."""
    if not found.problems or old is None or old.theme is None:
        return found.theme, ()
    return old.theme, (Problem(found.problems[0].file, "", "the theme stays as it was before this change", ""),)


def _stamps(folder: Path) -> dict[Path, Stamp]:
    stamps = {}
    for file in theme_files(folder):
        try:
            found = file.stat()
        except OSError:
            # it went away meanwhile, or is a link to nowhere: the reader says which
            stamps[file] = (0, 0, 0)
        else:
            stamps[file] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return stamps
