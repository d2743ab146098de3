"""Themes on the desk: every colour comes from the one that is worn, changes are seen at once, choices are kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.style import Style
from textual.pilot import Pilot

from crashdesk.config.colour import contrast
from crashdesk.config.settings import DeskSettings
from crashdesk.config.theme import MONO, Theme
from crashdesk.config.theme_shelf import ThemeShelf
from crashdesk.config.themes import Themes
from crashdesk.config.told import CHECK
from crashdesk.desk.app import CrashDesk
from crashdesk.desk.chart.styles import is_mono
from crashdesk.desk.paint import make_palette
from crashdesk.desk.palette import Palette
from crashdesk.desk.ports import ThemePorts
from tests.config.bad_themes import write_bad_themes
from tests.desk.fake_link import make_desk
from tests.desk.test_desk_app import rows_of, type_line
from tests.desk.waiting import settled

SIZE = (160, 48)


def styles_of(palette: Palette) -> set[Style]:
    """All styles of a palette."""
    found: set[Style] = set()
    for value in palette:
        found |= {value} if isinstance(value, Style) else set(value.values() if hasattr(value, "values") else value)
    return found


def colours_of(styles: set[Style]) -> set[str]:
    """Names of the colours in them, grounds too."""
    return {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour is not None}


def shown_colours(app: CrashDesk) -> set[str]:
    """What is on the screen now."""
    width, height = app.size
    strips = app.screen._compositor.render_strips(None)[:height] if width else []
    return colours_of({segment.style for strip in strips for segment in strip if segment.style is not None})


class Kept:
    """Ports of themes that remember what was chosen."""

    def __init__(self, folder: Path, said: str = "") -> None:
        self.shelf = ThemeShelf(folder)
        self.chosen: list[str] = []
        self.said = said

    def choose(self, theme_id: str) -> str:
        self.chosen.append(theme_id)
        return self.said

    def desk(self, theme: str = "") -> CrashDesk:
        first = self.shelf.look()
        assert first is not None
        return make_desk(stock=first.themes, theme=theme, theme_ports=ThemePorts(self.shelf.look, self.choose, CHECK))


async def looked(app: CrashDesk, pilot: Pilot[None]) -> None:
    """As every second."""
    app._errands.look_at_themes()
    await settled(pilot)


@pytest.mark.parametrize(("size", "names"), [((80, 24), ("paper", "terminal")), (SIZE, (*Themes(), "midnight"))])
async def test_every_colour_on_the_screen_is_of_the_theme_that_is_worn(
    size: tuple[int, int], names: tuple[str, ...]
) -> None:
    app = make_desk()
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for name in names:
            app.dresser.use(name)
            for keys in (("3", "h"), ("4", "a"), ("escape", "question_mark"), ("escape", "colon"), ("escape", "1")):
                await pilot.press(*keys)
                await settled(pilot)
                assert app.theme == name
                assert shown_colours(app) <= colours_of(styles_of(make_palette(Themes()[name]))), (name, keys)


async def test_a_page_that_is_open_changes_its_colours_too() -> None:
    app = make_desk()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await settled(pilot)
        app.dresser.use("paper")
        await settled(pilot)
        assert shown_colours(app) <= colours_of(styles_of(make_palette(Themes()["paper"])))


async def test_a_theme_that_is_saved_is_seen_and_a_broken_one_is_not(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[base]\ntext = "#abcdef"\n')
    app = Kept(tmp_path).desk("mine")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        assert "#abcdef" in shown_colours(app)
        mine.write_text('[base]\ntext = "#fedcba"\n')
        await looked(app, pilot)
        assert "#fedcba" in shown_colours(app)
        assert "#abcdef" not in shown_colours(app)
        mine.write_text('[base]\ntext = "#fedcbax"\n')
        await looked(app, pilot)
        assert "#fedcba" in shown_colours(app)
        told = [note.message for note in app._notifications]
        assert "mine.toml: base.text: no colour: '#fedcbax' (write #rrggbb" in told[0]
        assert told[1].endswith("mine.toml: the theme stays as it was before this change")
        mine.unlink()
        await looked(app, pilot)
        assert "#fedcba" in shown_colours(app)


async def test_a_theme_that_was_wanted_and_broken_is_worn_when_it_is_mended(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("= broken")
    app = Kept(tmp_path).desk("mine")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert app.theme == "midnight"
        mine.write_text('[base]\ntext = "#fedcba"\n')
        await looked(app, pilot)
        assert app.theme == "mine"
        assert "#fedcba" in shown_colours(app)


async def test_the_key_shows_each_theme_and_enter_keeps_it(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    app = kept.desk()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("I")
        await settled(pilot)
        assert "▶ theme midnight" in "\n".join(rows_of(app))
        await pilot.press("down")
        await settled(pilot)
        assert app.theme == "amber"
        await pilot.press("escape")
        await settled(pilot)
        assert app.theme == "midnight"
        assert kept.chosen == []
        await pilot.press("I", "down", "down", "enter")
        await settled(pilot)
        assert app.theme == "colorblind"
        assert kept.chosen == ["colorblind"]
        kept.said = "theme paper until the desk closes: config.toml says midnight"
        await type_line(pilot, "theme paper")
        assert kept.chosen == ["colorblind", "paper"]
        assert [note.message for note in app._notifications] == [kept.said]


async def test_a_list_longer_than_its_place_can_be_walked_to_its_end(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"own-{number}.toml").write_text("")
    app = Kept(tmp_path).desk()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("I", *["down"] * 15)
        await settled(pilot)
        assert app.theme == "own-7"
        shown = [row for row in rows_of(app) if "theme own-" in row or "theme mono" in row]
        assert len(shown) == 9
        assert "▶ theme own-7" in shown[-1]
        await pilot.press("down")
        await settled(pilot)
        assert app.theme == "midnight"


async def test_the_desk_starts_with_every_bad_theme_at_once(tmp_path: Path) -> None:
    write_bad_themes(tmp_path / "themes")
    app = Kept(tmp_path / "themes").desk("binary")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert app.theme == "midnight"
        await pilot.press("I", *["down"] * 12)
        await settled(pilot)
        assert "theme" in rows_of(app)[-1]


async def test_without_colours_no_theme_brings_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_desk()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settled(pilot)
        for name in ("midnight", "paper", "terminal", "mono"):
            await type_line(pilot, f"theme {name}")
            app.say("a toast")
            await settled(pilot)
            assert "a toast" in "\n".join(rows_of(app))
            assert shown_colours(app) <= {"default"}, name


@pytest.mark.parametrize("theme", [MONO, *(Themes()[name] for name in ("terminal", "midnight"))], ids=lambda t: t.id)
def test_what_stands_apart_has_a_style_of_its_own(theme: Theme) -> None:
    palette = make_palette(theme)
    assert len({palette.text, palette.strong, palette.muted, palette.border_focus}) >= 3
    assert palette.muted != palette.text
    assert palette.border != palette.border_focus
    assert palette.cursor != palette.cursor_away
    assert palette.heat[0] != palette.heat[-1]
    assert palette.tiers[0] != palette.tiers[-1]


def test_the_terminals_own_colours_are_asked_for_by_name() -> None:
    palette = make_palette(Themes()["terminal"])
    named = {style.color.name for style in styles_of(palette) if style.color is not None}
    assert not any(name.startswith("#") for name in named)
    assert palette.text.color is not None
    assert palette.text.color.is_default
    assert DeskSettings().theme == ""


@pytest.mark.parametrize("name", [name for name in Themes() if Themes()[name].base.surface.startswith("#")])
def test_what_is_under_the_cursor_can_be_read(name: str) -> None:
    theme = Themes()[name]
    palette = make_palette(theme)
    assert palette.cursor.bgcolor is not None
    for colour in (theme.base.text, theme.base.muted, theme.market.gain, theme.market.loss):
        assert (contrast(colour, palette.cursor.bgcolor.name) or 0) >= 3
    assert palette.cursor.bgcolor.name not in {theme.base.surface, theme.base.panel}


@pytest.mark.parametrize("no_color", [False, True])
async def test_direction_and_side_are_read_without_a_colour(monkeypatch: pytest.MonkeyPatch, *, no_color: bool) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_desk(theme="paper" if no_color else "mono")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert shown_colours(app) <= {"default"}
        tickers = [strip.text for strip in app.desk.tickers._lines]
        changes = [word for row in tickers for word in re.findall(r"\S+%", row)]
        assert changes
        assert all(word[0] in "+−" or word == "0.0%" for word in changes), changes
        tape = [strip.text for strip in app.desk.liquidations._lines if re.search(r" \d\d:\d\d:\d\d ", strip.text)]
        assert tape
        assert all(("LONG" in row) != ("short" in row) for row in tape)
        assert is_mono(app.desk.look.palette)
