"""What every command is given: the user's settings and folders, the clock, the streams."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TextIO

from crashdesk.config.settings import Paths, Problem, Settings
from crashdesk.model.ports import Clock

SERVED = "CRASHDESK_SERVED"
"""In the environment of a desk that is shown in a browser: it speaks with that through its pipes."""


class Context(NamedTuple):
    """`problems` are those of config.toml. `explicit_config` tells whether `--config` named the file."""

    settings: Settings
    problems: tuple[Problem, ...]
    paths: Paths
    explicit_config: bool
    clock: Clock
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]
    read_only: bool = False
    """A desk that keeps and starts nothing."""

    @property
    def served(self) -> bool:
        """Whether this desk is one of those that `crashdesk serve` opens, which looks after the recorder too."""
        return SERVED in self.environment

    @property
    def has_screen(self) -> bool:
        """Whether a desk can be shown: on a terminal, or in a browser."""
        return self.served or (self.stdout.isatty() and self.stdin.isatty())

    @property
    def check(self) -> str:
        """The command line that names every mistake in the files of these settings."""
        from crashdesk.config.told import CHECK

        if not self.explicit_config:
            return CHECK
        import shlex

        program, _, words = CHECK.partition(" ")
        return f"{program} --config {shlex.quote(str(self.paths.config_file))} {words}"

    def say(self, line: str) -> None:
        """One line on standard error, for the user beside the command's own output."""
        self.stderr.write(f"crashdesk: {line}\n")

    def wrote(self, path: Path, what: str) -> None:
        """Say that a file is written, what it is and how large."""
        self.say(f"{path}: {what}, {path.stat().st_size / 1000:,.1f} kB")


def make_context(
    config_file: Path | None, environment: Mapping[str, str], stdin: TextIO, stdout: TextIO, stderr: TextIO
) -> Context:
    """Read the settings and find the folders; makes and writes nothing.

    Raises UsageError when an environment variable of ours is wrong.
    """
    from crashdesk.config.load import load_settings
    from crashdesk.config.paths import resolve_paths
    from crashdesk.model.clock import SystemClock, clock_offset
    from crashdesk.model.errors import UsageError

    paths = resolve_paths(environment, config_file)
    there = config_file is not None or paths.config_file.exists()
    settings, problems = load_settings(paths.config_file if there else None, environment)
    try:
        clock = SystemClock(clock_offset(dict(environment)))
    except ValueError as error:
        raise UsageError(str(error)) from None
    return Context(settings, problems, paths, config_file is not None, clock, stdin, stdout, stderr, environment)
