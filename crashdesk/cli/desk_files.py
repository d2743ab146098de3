"""Where a desk's own things go. What is not needed for the first picture is imported when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.context import Context
from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir
from crashdesk.desk.ports import BriefDocument
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Note

if TYPE_CHECKING:
    from crashdesk.session.state import MarketState


class DeskFiles:
    """The callbacks of one desk on one recording. All raise OSError or CrashdeskError when they can't."""

    def __init__(self, context: Context, recording: Path) -> None:
        self._context = context
        self._recording = recording

    def _recording_id(self) -> str | None:
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

    def load_notes(self) -> tuple[Note, ...]:
        """The trader's notes on this recording. What is wrong with the file is raised as one sentence."""
        from crashdesk.config.notes_file import load_notes

        known = self._recording_id()
        if known is None:
            return ()
        notes, problems = load_notes(self._context.paths.notes_file, known)
        if problems:
            raise RecordingError("; ".join(map(str, problems)))
        return notes

    def add_note(self, note: Note) -> None:
        """Keep a note on this recording."""
        from crashdesk.config.notes_file import add_note

        known = self._recording_id()
        if known is None:
            raise RecordingError(f"{self._recording} cannot be read yet, so the note lasts only until the desk closes")
        ensure_dir(self._context.paths.data_dir)
        add_note(self._context.paths.notes_file, known, note)

    def make_brief(self, state: MarketState) -> BriefDocument:
        """The brief of a state in all its formats."""
        from crashdesk.cli.brief_maker import brief_of, written

        settings = self._context.settings
        brief = brief_of(state, settings)
        text, markdown, json = (written(brief, settings, form) for form in ("text", "md", "json"))
        return BriefDocument(text, markdown, json, brief.as_of_ms)

    def save_brief(self, brief: BriefDocument) -> Path:
        """Three files side by side; the Markdown's path is given back."""
        stem = ensure_dir(self._context.paths.briefs_dir) / f"brief-{brief.as_of_ms}"
        write_atomic(stem.with_suffix(".json"), brief.json)
        write_atomic(stem.with_suffix(".txt"), brief.text)
        write_atomic(stem.with_suffix(".md"), brief.markdown)
        return stem.with_suffix(".md")

    def save_picture(self, svg: str, at_ms: int) -> Path:
        """The screen as SVG."""
        path = ensure_dir(self._context.paths.pictures_dir) / f"desk-{at_ms}.svg"
        write_atomic(path, svg)
        return path
