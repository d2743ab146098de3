"""What the trader's own files and the terminal give a desk, and what is wrong with them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.cli.context import Context
from crashdesk.config.keymap import Keymap, build_keymap
from crashdesk.config.layout_file import load_layouts
from crashdesk.config.layouts import PaneLayout
from crashdesk.config.level_store import LevelStore
from crashdesk.config.settings import DeskSettings, Problem
from crashdesk.config.theme import Theme
from crashdesk.config.theme_shelf import ThemeNews, ThemeShelf
from crashdesk.config.themes import Themes
from crashdesk.config.told import told
from crashdesk.model.level import Level

if TYPE_CHECKING:
    from crashdesk.model.basket import Baskets

_GLYPHS = "─█●−"


class Given(NamedTuple):
    """`said` are sentences for the screen: the mistakes in the files, and what the terminal cannot show."""

    settings: DeskSettings
    shelf: ThemeShelf
    themes: Mapping[str, Theme]
    keymap: Keymap
    layouts: Mapping[str, PaneLayout]
    store: LevelStore
    levels: tuple[Level, ...]
    baskets: Callable[[], "Baskets"]
    said: tuple[str, ...]


def desk_given(context: Context, *, terminal: bool) -> Given:
    """Read them all; a file with a mistake gives what is right in it. `terminal`: the desk is shown on one."""
    settings, unseen = _shown_with(context) if terminal else (context.settings.desk, ())
    shelf = ThemeShelf(context.paths.themes_dir)
    themes = shelf.look() or ThemeNews(Themes(), ())
    keymap, key_problems = build_keymap(context.settings.keys, context.paths.config_file, settings.keymap)
    layouts, layout_problems = load_layouts(context.paths.layouts_dir, context.settings.layouts)
    store = LevelStore(context.paths.levels_file, context.clock.now_ms)
    levels, level_problems = store.load()
    baskets, basket_problems = _baskets(context)
    problems = (*context.problems, *themes.problems, *key_problems, *level_problems, *basket_problems, *layout_problems)
    said = (*told(problems, context.check), *unseen)
    return Given(settings, shelf, themes.themes, keymap, layouts, store, levels, baskets, said)


def _shown_with(context: Context) -> tuple[DeskSettings, tuple[str, ...]]:
    """Plain ASCII where the terminal's encoding has no other characters, with a word about it."""
    settings, encoding = context.settings.desk, getattr(context.stdout, "encoding", None)
    if settings.ascii or context.served or not encoding:
        return settings, ()
    try:
        _GLYPHS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return settings._replace(ascii=True), (
            f"plain characters are shown: the terminal's encoding is {encoding}; LANG=C.UTF-8 brings the others",
        )
    return settings, ()


def _baskets(context: Context) -> tuple[Callable[[], "Baskets"], tuple[Problem, ...]]:
    """The sector baskets: the built-in ones are read when they are needed, the trader's own at once."""
    own = context.settings.baskets_file
    if own is None:
        return _built_in_baskets, ()
    from crashdesk.config.baskets import load_baskets

    baskets, problems = load_baskets(own)
    return lambda: baskets, problems


def _built_in_baskets() -> "Baskets":
    from crashdesk.config.baskets import load_baskets

    return load_baskets(None)[0]
