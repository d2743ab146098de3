"""`crashdesk serve`: the desk in a browser."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crashdesk.cli.command import Command, Parser, add_screen_options, add_subcommand
from crashdesk.cli.context import SERVED, Context
from crashdesk.cli.replay import add_scenario, configure_replay
from crashdesk.model.errors import CrashdeskError, UsageError

if TYPE_CHECKING:
    from crashdesk.model.recorder import RecorderState

HOST, PORT, DESKS = "127.0.0.1", 8000, 4
_MOST_DESKS = 100
_DRIVER = "crashdesk.desk.browser_driver:BrowserDriver"
_NOT_HANDED_ON = ("TMUX", "STY", "VTE_VERSION", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LINES")
"""What tells of the terminal that `serve` runs in: its desks are shown in another one."""

_SAFETY = """\
Only this machine can open it. --allow-remote serves other addresses too: the desk is read-only then, and its
address holds a token that is made anew at every start. Nothing is encrypted: over a network that others use, put a
proxy with TLS before it, or leave it at 127.0.0.1 and come by `ssh -L 8000:127.0.0.1:8000`."""


def configure(parser: Parser) -> None:
    """Arguments of `serve`: what to show, as `crashdesk`, `demo` and `replay` are told, and where."""
    parser.description = f"{parser.description}\n\n{_SAFETY}"
    _add_options(parser)
    parser.set_defaults(words=_live_words)
    group = parser.add_subparsers(
        title="what to show (without either: the live desk)", metavar="demo|replay", parser_class=Parser
    )
    demo = add_subcommand(group, "demo", "a built-in reconstruction of a past crash", "crashdesk serve demo")
    add_scenario(demo)
    demo.set_defaults(words=_demo_words)
    replay = add_subcommand(group, "replay", "a recording", "crashdesk serve replay night.crash --at 03:00 --speed 60")
    configure_replay(replay)
    replay.set_defaults(words=_replay_words)
    for below in (demo, replay):
        _add_options(below)
        add_screen_options(below, COMMAND)


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Those that may stand before and after what to show: what was not given leaves no trace."""
    none = argparse.SUPPRESS
    parser.add_argument("--host", metavar="ADDRESS", default=none, help=f"where to listen (default: {HOST})")
    parser.add_argument("--port", type=int, metavar="N", default=none, help=f"0: any free one (default: {PORT})")
    parser.add_argument("--desks", type=int, metavar="N", default=none, help=f"most at once (default: {DESKS})")
    parser.add_argument(
        "--allow-remote", action="store_true", default=none, help="other machines too: read-only, with a token"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Serve until Ctrl+C."""
    gc.enable()
    given = vars(arguments)
    host, port, desks = given.get("host", HOST), given.get("port", PORT), given.get("desks", DESKS)
    remote = given.get("allow_remote", False)
    _check(host, port, desks, remote=remote)
    terminal = _terminal()
    words = arguments.words(arguments, context)
    if given.get("ascii"):
        words = ["--ascii", *words]
    with _recorder(context, live=arguments.words is _live_words):
        context = context._replace(read_only=context.read_only or remote)
        _serve(context, words, terminal, (host, port, desks), remote=remote)
    return 0


def _check(host: str, port: int, desks: int, *, remote: bool) -> None:
    from crashdesk.outside.browser.guard import is_loopback

    if not is_loopback(host) and not remote:
        raise UsageError(
            f"--host {host}: other machines could open the desk; with --allow-remote they may, read-only, by a token"
        )
    if not 0 <= port <= 65_535:
        raise UsageError(f"--port {port}: a port is 0 to 65535")
    if not 1 <= desks <= _MOST_DESKS:
        raise UsageError(f"--desks {desks}: 1 to {_MOST_DESKS}; each is a process of some 80 MB")


def _terminal() -> Path:
    """The folder of the terminal that a browser runs. Raises CrashdeskError when the extra is not installed."""
    from importlib.util import find_spec

    found = find_spec("textual_serve")
    if found is None or found.origin is None or find_spec("aiohttp") is None:
        raise CrashdeskError("a desk in the browser needs an extra: pip install 'crashdesk[serve]'")
    return Path(found.origin).parent / "static"


def _live_words(_: argparse.Namespace, context: Context) -> list[str]:
    if not any(venue.enabled for venue in context.settings.venues):
        raise CrashdeskError(f"{context.paths.config_file}: no venue is enabled; give it a [venues.NAME] table")
    return []


def _demo_words(arguments: argparse.Namespace, context: Context) -> list[str]:
    from crashdesk.cli.recordings import scenario_recording

    scenario_recording(arguments.scenario, context)  # built here, once, and not by each who looks
    return ["demo", arguments.scenario]


def _replay_words(arguments: argparse.Namespace, context: Context) -> list[str]:
    from crashdesk.cli.recordings import file_recording
    from crashdesk.cli.replay import beginning

    chosen = file_recording(arguments.file, context)
    beginning(arguments, chosen)  # what is wrong with it is said here, and not in the browser
    at = [f"--at={arguments.at}"] if arguments.at is not None else []
    return ["replay", str(chosen.path.absolute()), *at, f"--speed={arguments.speed}"]


@contextmanager
def _recorder(context: Context, *, live: bool) -> Iterator[None]:
    """A live desk's recorder runs as long as anybody can look, and not only while somebody does.

    What others may only look at is recorded all the same; with `--read-only` nothing is.
    """
    if not live or context.read_only:
        yield
        return
    from crashdesk.cli.live import make_keeper
    from crashdesk.config.paths import ensure_dir

    for folder in (context.paths.data_dir, context.paths.runtime_dir, context.paths.recordings_dir):
        ensure_dir(folder)
    keeper = make_keeper(context, _teller(context))
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


def _teller(context: Context) -> Callable[[RecorderState], None]:
    """Says when the recorder is not well, and when it is again."""
    well = True

    def tell(state: RecorderState) -> None:
        nonlocal well
        if state.well != well:
            context.say(f"recorder: {state.words}")
        well = state.well

    return tell


def _serve(context: Context, words: list[str], terminal: Path, where: tuple[str, int, int], *, remote: bool) -> None:
    import asyncio

    from crashdesk.outside.browser.guard import new_token
    from crashdesk.outside.browser.server import Serving, serve
    from crashdesk.outside.own_module import own_module

    host, port, desks = where
    own = ("--config", str(context.paths.config_file.absolute())) if context.explicit_config else ()
    flags = ("--read-only",) if context.read_only else ()
    command = own_module("crashdesk", *own, *flags, *words)
    token = new_token() if remote else ""
    serving = Serving(command, _environment(context.environment), host, port, desks, context.say, token)

    def ready(port: int) -> None:
        kind = "read-only, " if context.read_only else ""
        context.stdout.write(f"{_address(host, port, token)}\n")
        context.stdout.flush()
        context.say(f"the desk is at that address, {kind}for up to {desks} at once; Ctrl+C ends it")

    asyncio.run(serve(serving, terminal, ready))


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if name not in _NOT_HANDED_ON}
    return kept | {
        SERVED: "1",
        "TEXTUAL_DRIVER": _DRIVER,
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


def _address(host: str, port: int, token: str) -> str:
    """What to open: of an address that means every one of this machine, its name."""
    import socket

    name = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104 - it is only compared
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/{f'{token}/' if token else ''}"


COMMAND = Command(
    name="serve",
    summary="the desk in a browser, on this machine or for others to look at",
    configure=configure,
    run=run,
    polls=True,
    screen=True,
    examples=(
        "crashdesk serve",
        "crashdesk serve demo october-2025 --port 8001",
        "crashdesk serve replay night.crash --host 0.0.0.0 --allow-remote",
    ),
)
