"""What each pane shows of the night of 4 November 2025: at three sizes, in a dark and a light theme.

`pytest tests/desk/test_pane_pictures.py --snapshot-update` takes them anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.strip import Strip

from crashdesk.config.baskets import load_baskets
from crashdesk.desk.app import CrashDesk
from crashdesk.model.timeframe import Timeframe
from crashdesk.model.times import parse_time
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.focus import Focus, Opening
from crashdesk.session.stage import Stage
from crashdesk.session.views import DeskView, WeightMode
from tests.desk.fake_link import make_desk
from tests.desk.pane_shots import shot
from tests.desk.waiting import settled

PICTURES = Path(__file__).parent / "pictures"
SIZES = ((80, 24), (120, 36), (160, 48))
THEMES = ("midnight", "paper")
PANES = ("tickers", "sectors", "liquidations", "chart", "levels", "timeline")
AT = "2025-11-04 03:03"


@pytest.fixture(scope="module")
def view(november_file: Path) -> DeskView:
    """The picture in the middle of the cascade."""
    reader = RecordingReader.open(november_file)
    focus = Focus("BTC/USDT", Timeframe.D1, WeightMode.EQUAL)
    stage = Stage(reader, load_baskets(None)[0], Opening(focus, parse_time(AT, 0)), lambda: 0)
    stage.picture(focus)
    stage.forget()
    picture = stage.picture(focus)  # the outline of the recording comes with the second one
    stage.close()
    assert picture is not None
    return picture


async def seen(pilot: Pilot[Any], app: CrashDesk) -> dict[str, Sequence[Strip]]:
    """The lines of every part, each pane with the focus."""
    lines: dict[str, Sequence[Strip]] = {}
    for name in PANES:
        app.desk.focus_pane(name)
        await pilot.pause()
        lines[name] = app.desk.panes[name]._lines
    app.desk.focus_pane("tickers")
    await pilot.pause()
    bars = (app.desk.status, app.desk.mini, app.desk.scrubber, app.desk.bottom)
    lines["bars"] = [line for bar in bars if bar.shown for line in bar._lines]
    app.perform("help")
    for _ in range(3):
        await pilot.pause()
    assert app.desk.reader is not None
    lines["help"] = app.desk.reader._lines
    app.desk.close_reader()
    await pilot.pause()
    return lines


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_panes(view: DeskView, size: tuple[int, int], pytestconfig: pytest.Config) -> None:
    app = make_desk(view)
    by_theme: dict[str, dict[str, Sequence[Strip]]] = {}
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for theme in THEMES:
            app.dresser.use(theme)
            await pilot.pause()
            by_theme[theme] = await seen(pilot, app)
    words = {name: [strip.text for strip in lines] for name, lines in by_theme[THEMES[0]].items()}
    for lines in by_theme.values():
        assert {name: [strip.text for strip in strips] for name, strips in lines.items()} == words
    differ = []
    for name, strips in by_theme[THEMES[0]].items():
        file = PICTURES / f"{name}-{size[0]}x{size[1]}.txt"
        now = shot(strips, {theme: lines[name] for theme, lines in by_theme.items()})
        if pytestconfig.option.update_snapshots:
            file.write_text(now, encoding="utf-8")
        before = file.read_text(encoding="utf-8").splitlines()
        differ += unified_diff(before, now.splitlines(), file.name, "now", n=0, lineterm="")
    assert not differ, "\n".join(differ)
