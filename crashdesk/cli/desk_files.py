"""Where a desk's own things go. What is not needed for the first picture is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.context import Context
from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir
from crashdesk.desk.ports import BriefDocument, OwnFiles
from crashdesk.model.errors import RecordingError
from crashdesk.model.marks import Note

if TYPE_CHECKING:
    from crashdesk.cli.own_files import OwnReader
    from crashdesk.session.state import MarketState


class DeskFiles:
    """The callbacks of one desk on one recording. All raise OSError or CrashdeskError when they can't."""

    def __init__(self, context: Context, recording: Path) -> None:
        self._context = context
        self._recording = recording
        self._own: OwnReader | None = None

    def recording_id(self) -> str | None:
        """The recording's id, None when it cannot be read (yet)."""
        from crashdesk.recording.reader import RecordingReader

        try:
            reader = RecordingReader.open(self._recording)
        except RecordingError:
            return None
        try:
            return reader.session.recording_id
        finally:
            reader.close()

    def look_at_own(self) -> OwnFiles:
        """Notes on this recording and daily series, where their files changed since the last look."""
        if self._own is None:
            from crashdesk.cli.own_files import OwnReader

            self._own = OwnReader(self._context, self.recording_id)
        return self._own.look()

    def add_note(self, note: Note) -> None:
        """Keep a note on this recording, in the place of an earlier one with its id."""
        from crashdesk.config.notes_file import add_note

        add_note(self._context.paths.notes_file, self._known(), note)

    def remove_note(self, note_id: str) -> None:
        """Take a note off this recording."""
        from crashdesk.config.notes_file import remove_note

        remove_note(self._context.paths.notes_file, self._known(), note_id)

    def _known(self) -> str:
        known = self.recording_id()
        if known is None:
            raise RecordingError(f"{self._recording} cannot be read yet, so the note lasts only until the desk closes")
        ensure_dir(self._context.paths.data_dir)
        return known

    def remember(self, name: str, value: str) -> str:
        """Keep a choice of the tickers; a sentence when config.toml says something else."""
        from crashdesk.cli.desk_tickers import remember_choice

        return remember_choice(self._context, name, value)

    def markets(self) -> Mapping[str, tuple[str, ...]]:
        """Symbol to the venues that list it."""
        from crashdesk.cli.desk_tickers import listed_markets

        return listed_markets(self._context)

    def make_brief(self, state: MarketState) -> BriefDocument:
        """The brief of a state in all its formats."""
        from crashdesk.cli.brief_maker import brief_of, written

        settings = self._context.settings
        brief = brief_of(state, settings)
        text, markdown, json = (written(brief, settings, form) for form in ("text", "md", "json"))
        return BriefDocument(text, markdown, json, brief.as_of_ms, lambda: written(brief, settings, "html"))

    def save_brief(self, brief: BriefDocument) -> Path:
        """A file of each format, side by side; the Markdown's path is given back."""
        path = _unused(ensure_dir(self._context.paths.briefs_dir), "brief", brief.as_of_ms, ".md")
        write_atomic(path.with_suffix(".json"), brief.json)
        write_atomic(path.with_suffix(".txt"), brief.text)
        write_atomic(path.with_suffix(".html"), brief.page())
        write_atomic(path, brief.markdown)
        return path

    def save_picture(self, svg: str, at_ms: int) -> Path:
        """The screen as SVG, and as PNG beside it where the extra for that is installed."""
        from crashdesk.outside.png import can_make_png, make_png

        path = _unused(ensure_dir(self._context.paths.pictures_dir), "desk", at_ms, ".svg")
        write_atomic(path, svg)
        if can_make_png():
            write_atomic(path.with_suffix(".png"), make_png(svg))
        return path


def _unused(folder: Path, what: str, at_ms: int, suffix: str) -> Path:
    """`desk-2025-11-04-031244.svg` of a moment (UTC), with `-2` and so on behind it where that is there already."""
    from itertools import count

    from crashdesk.model.times import format_utc

    stem = f"{what}-" + format_utc(at_ms).removesuffix(" UTC").replace(" ", "-").replace(":", "")
    names = (f"{stem}{f'-{number}' if number > 1 else ''}{suffix}" for number in count(1))
    return next(folder / name for name in names if not (folder / name).exists())
