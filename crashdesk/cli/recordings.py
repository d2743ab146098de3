"""Which recording a command is about."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crashdesk.cli.context import Context
from crashdesk.cli.scenario_files import ensure_built
from crashdesk.model.errors import RecordingError
from crashdesk.scenarios.catalogue import Scenario, get_scenario

if TYPE_CHECKING:
    from crashdesk.model.basket import Baskets
    from crashdesk.recording.reader import RecordingReader


class Chosen(NamedTuple):
    """A recording on the disk; `scenario` is what it reconstructs, if it does. `live`: the one that a desk follows."""

    path: Path
    scenario: Scenario | None
    live: bool = False

    def open(self) -> "RecordingReader":
        """Open it to read. Raises RecordingError."""
        from crashdesk.recording.reader import RecordingReader

        if self.live and not self.path.exists():
            raise RecordingError(f"{self.path}: no live recording yet; start `crashdesk`, or name a file or a scenario")
        return RecordingReader.open(self.path)

    def end_ms(self, reader: "RecordingReader") -> int:
        """The last moment that counts: a scenario's own end, else that of the last frame."""
        return self.scenario.end_ms if self.scenario is not None else reader.end_ms


def scenario_recording(name: str, context: Context) -> Chosen:
    """The recording of a scenario, built on first use. Raises UsageError for an unknown name."""
    scenario = get_scenario(name)
    terminal = context.stderr.isatty()

    def progress(done: int) -> None:
        if terminal:
            context.stderr.write(f"\rbuilding {scenario.name}, this once: {done} %")
            context.stderr.flush()

    path = ensure_built(scenario, context.paths.cache_dir, progress)
    if terminal:
        context.stderr.write("\r\x1b[K")
        context.stderr.flush()
    return Chosen(path, scenario)


def file_recording(file: Path | None, context: Context) -> Chosen:
    """The recording that was named, or the live one. A bare name may be one of your recordings."""
    if file is None:
        return Chosen(context.paths.live_recording, None, live=True)
    return Chosen(named_recording(file, context), None)


def named_recording(file: Path, context: Context) -> Path:
    """The file, or the one of that name in the folder of recordings if there is none here."""
    own = context.paths.recordings_dir / file
    return own if file.name == str(file) and not file.exists() and own.exists() else file


def baskets_of(context: Context) -> "Baskets":
    """The sector baskets of the settings; what is wrong with them is said."""
    from crashdesk.config.baskets import load_baskets

    baskets, problems = load_baskets(context.settings.baskets_file)
    for problem in problems:
        context.say(str(problem))
    return baskets
