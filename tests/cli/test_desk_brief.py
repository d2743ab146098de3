"""What a desk saves: the brief in every format, pictures."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from crashdesk.cli.brief_maker import brief_of, written
from crashdesk.cli.context import make_context
from crashdesk.cli.desk_files import DeskFiles
from crashdesk.config.baskets import load_baskets
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from tests.session import market_tape


def test_every_format_is_the_brief_of_the_moment_that_was_shown(tmp_path: Path) -> None:
    path = tmp_path / "tape.crash"
    market_tape.write(path, 0.5)
    with (tmp_path / "said").open("w+") as said:
        context = make_context(None, os.environ, said, said, said)
    reader = RecordingReader.open(path)
    player = Player(reader, load_baskets(None)[0])
    player.seek(reader.start_ms + 600_000)
    desk = DeskFiles(context, path)
    document = desk.make_brief(player.state)
    wanted = {
        form: written(brief_of(player.state, context.settings), context.settings, form)
        for form in ("text", "md", "json", "html")
    }
    player.play_to(reader.end_ms)
    saved = desk.save_brief(document)
    reader.close()
    files = {file.suffix: file.read_text(encoding="utf-8") for file in saved.parent.iterdir()}
    assert files == {".txt": wanted["text"], ".md": wanted["md"], ".json": wanted["json"], ".html": wanted["html"]}
    at = datetime.fromtimestamp((market_tape.START + 600_000) / 1000, UTC)
    assert saved.name == f"brief-{at:%Y-%m-%d-%H%M%S}.md"
    assert desk.save_brief(document).name == f"brief-{at:%Y-%m-%d-%H%M%S}-2.md"


def test_each_picture_of_one_moment_is_kept(tmp_path: Path) -> None:
    """Of a paused replay several panes are taken, one after the other."""
    with (tmp_path / "said").open("w+") as said:
        context = make_context(None, os.environ, said, said, said)
    desk = DeskFiles(context, tmp_path / "tape.crash")
    at_ms = 1_762_225_964_500
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{}</text></svg>'
    taken = [desk.save_picture(drawn.format(what), at_ms) for what in ("levels", "chart", "tape")]
    assert [path.name for path in taken] == [
        "desk-2025-11-04-031244.svg",
        "desk-2025-11-04-031244-2.svg",
        "desk-2025-11-04-031244-3.svg",
    ]
    assert [path.read_text(encoding="utf-8") for path in taken] == [
        drawn.format(what) for what in ("levels", "chart", "tape")
    ]
