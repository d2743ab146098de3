"""The brief that a desk saves, in every format."""

from __future__ import annotations

import os
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
    assert saved.name == f"brief-{market_tape.START + 600_000}.md"
