"""The themes that there are: the built-in ones and the user's, read by the same loader, with their problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from crashdesk.config.settings import Problem
from crashdesk.config.theme import MONO, Theme
from crashdesk.config.theme_file import DEFAULT_THEME, ThemeFile, is_theme_name, read_theme


def built_in_dir() -> Path:
    """Where the built-in themes are: inside the installed package, or `themes/` of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def theme_files(folder: Path | None) -> list[Path]:
    """What may be themes in a folder, by name; none when there is no such folder. Hidden files are editors' own."""
    return sorted(file for file in folder.glob("*.toml") if file.name[0] != ".") if folder is not None else []


def theme_ids(user_dir: Path | None) -> tuple[str, ...]:
    """The ids of all themes, built-in first, without reading them."""
    files = (*theme_files(built_in_dir()), *theme_files(user_dir))
    return tuple(dict.fromkeys([MONO.id, *(file.stem for file in files if is_theme_name(file.stem))]))


class Themes(Mapping[str, Theme]):
    """The built-in themes, each read when it is asked for, and the user's `own`, which come before them."""

    def __init__(self, own: Mapping[str, Theme] | None = None) -> None:
        self._own = dict(own or {})
        self._files = {file.stem: file for file in theme_files(built_in_dir())}
        self._read: dict[str, Theme] = {MONO.id: MONO}

    def __getitem__(self, theme_id: str) -> Theme:
        if theme_id in self._own:
            return self._own[theme_id]
        if theme_id not in self._read:
            theme = read_theme(self._files[theme_id], self._read).theme
            self._read[theme_id] = theme or MONO._replace(id=theme_id)
        return self._read[theme_id]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._files, MONO.id, *self._own)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def own_themes(user_dir: Path | None) -> tuple[ThemeFile, ...]:
    """What the user's files hold."""
    built_in = Themes()
    return tuple(read_theme(file, built_in) for file in theme_files(user_dir))


def load_themes(user_dir: Path | None) -> tuple[dict[str, Theme], tuple[Problem, ...]]:
    """All themes by id, and what is wrong with their files, colours that are hard to read among it."""
    built_in = [read_theme(file, {MONO.id: MONO}) for file in theme_files(built_in_dir())]
    own = own_themes(user_dir)
    problems = [problem for found in (*built_in, *own) for problem in (*found.problems, *found.warnings)]
    return dict(Themes({found.theme.id: found.theme for found in own if found.theme is not None})), tuple(problems)


def pick_theme(themes: Mapping[str, Theme], theme_id: str) -> Theme:
    """The theme of that id, or the default one, or the one that is always there."""
    return themes.get(theme_id) or themes.get(DEFAULT_THEME) or MONO
