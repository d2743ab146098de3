"""A recording opened for a report of a moment: the state there, with the trader's own levels, notes and series."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crashdesk.cli.context import Context
from crashdesk.cli.damage_words import passed_over
from crashdesk.cli.moments import moment
from crashdesk.cli.recordings import Chosen, baskets_of
from crashdesk.config.levels_file import load_levels
from crashdesk.config.notes_file import load_notes
from crashdesk.config.series_file import load_all_series
from crashdesk.session.player import Player

if TYPE_CHECKING:
    from crashdesk.session.views import TickerRow


@contextlib.contextmanager
def opened(
    chosen: Chosen, at: str | None, context: Context, poll_ms: Mapping[str, int] | None = None
) -> Iterator[Player]:
    """A player at the time that `at` names (None: the end).

    What is wrong in the trader's own files is said, and the damage that was met on the way there.

    Raises RecordingError; UsageError for a time that is none, or outside the recording.
    """
    reader = chosen.open()
    player = Player(reader, baskets_of(context), poll_ms)
    try:
        end_ms = chosen.end_ms(reader)
        levels, level_problems = load_levels(context.paths.levels_file)
        notes, note_problems = load_notes(context.paths.notes_file, reader.session.recording_id)
        series, series_problems = load_all_series(context.settings.series)
        for problem in (*level_problems, *note_problems, *series_problems):
            context.say(str(problem))
        player.set_levels(levels)
        player.set_notes(notes)
        player.set_series(series)
        player.seek(moment(at, reader, end_ms) if at is not None else end_ms)
        if reader.damage:
            context.say(passed_over(chosen.path, reader.damage))
        yield player
    finally:
        player.source.close()


def find_levels(player: Player, context: Context, row: TickerRow | None) -> None:
    """Find the key levels of a ticker's symbol; what goes wrong with it is told, and the report goes without."""
    if row is None:
        return
    player.state.level_rows(row, row.symbol)
    wishes = player.found.wishes()
    if not wishes:
        return
    from crashdesk.outside.level_finder import find_now

    try:
        player.found.answer(find_now(wishes, context.paths.found_levels_file).items())
    except (OSError, ValueError) as error:
        context.say(f"key levels could not be calculated: {error}")
