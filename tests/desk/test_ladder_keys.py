"""Keys of the ladder: delete, undo, redo, edit, and making a found level one's own."""

from __future__ import annotations

from tests.desk.panes_app import MINE, PanesApp
from tests.desk.sample_market import NOW_MS
from tests.desk.sample_views import desk_view


async def test_the_ladder_deletes_undoes_and_redoes() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        for action in ("level_delete", "undo", "redo"):
            app.levels.pane_key(action)
        await pilot.pause()
        assert [words for _, words in app.heard] == [
            "choose a level first (up and down)",
            "nothing to undo",
            "nothing to redo",
        ]
        app.levels.pane_key("move_down")
        assert app.levels.chosen is not None
        assert app.levels.chosen.price == 105_000.0
        app.levels.pane_key("level_edit")
        app.levels.pane_key("level_delete")
        app.levels.pane_key("undo")
        app.levels.pane_key("redo")
        await pilot.pause()
        assert app.heard[-4:] == [
            ("edit", "L1"),
            ("say", "level 105,000 removed; undo brings it back"),
            ("say", "undone: level 105,000 is back"),
            ("say", "done again: level 105,000 removed"),
        ]
        assert app.saved == [(), (MINE._replace(updated_ms=NOW_MS + 1),), ()]
        app.levels.pane_key("move_first")
        app.levels.pane_key("level_delete")
        await pilot.pause()
        said = "only your own levels can be changed; `a` places one, Enter on a found one makes it yours"
        assert app.heard[-1] == ("say", said)


async def test_enter_edits_an_own_level_and_makes_a_found_one_the_traders() -> None:
    app = PanesApp()
    async with app.run_test(size=(120, 40)) as pilot:
        view = desk_view()
        rows = view.ladder.rows
        found = rows[-1]._replace(source="found", label="swing low 2025-06-22", why=("swing low 2025-06-22",))
        app.show(view._replace(ladder=view.ladder._replace(rows=(*rows[:-1], found))))
        app.levels.choose("L1")
        app.levels.pane_key("choose")
        app.levels.pane_key("move_last")
        app.levels.pane_key("choose")
        await pilot.pause()
        assert ("edit", "L1") in app.heard
        (own,) = [level for level in app.saved[-1] if level.id != "L1"]
        assert (own.price, own.kind, own.label, own.created_ms) == (94_200.0, found.kind, "swing low", view.now_ms)
