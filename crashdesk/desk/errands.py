"""Things that leave the desk: the trader's levels and notes, briefs, pictures, wishes to the worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crashdesk.config.theme import Theme
from crashdesk.config.told import told
from crashdesk.desk.messages import OpenPage
from crashdesk.desk.ports import DeskPorts, OwnFiles, ThemePorts
from crashdesk.desk.timeline.notes import NoteKeeper, NotePorts, new_note_id
from crashdesk.model.control import Command
from crashdesk.model.errors import CrashdeskError
from crashdesk.model.kinds import Precision
from crashdesk.model.level import Level
from crashdesk.model.level_edits import LevelEdit
from crashdesk.model.marks import Note
from crashdesk.model.note import split_kind
from crashdesk.session.desklink import DeskLink

if TYPE_CHECKING:
    from crashdesk.config.level_store import LevelNews
    from crashdesk.config.theme_shelf import ThemeNews

FOLDER_CELLS = 40
"""A toast is about 50 cells wide."""


class Shown(Protocol):
    """What errands ask of the app."""

    def say(self, text: str) -> None:
        """Tell the user something."""
        ...

    def warn(self, text: str) -> None:
        """Tell the user what went wrong."""
        ...

    def post_message(self, message: OpenPage) -> bool:
        """Open a page over the desk."""
        ...

    def take_themes(self, themes: Mapping[str, Theme]) -> None:
        """The themes as they are in their files now."""
        ...

    def take_levels(self, levels: tuple[Level, ...], kept: tuple[LevelEdit, ...]) -> None:
        """The trader's levels as they are kept now, the edits `kept` among them."""
        ...


class Errands:
    """Each either works, or says in one sentence why it didn't; the desk stays up.

    What is saved or sent goes through one queue, in order, on another thread; `flush` waits for it.
    """

    def __init__(self, app: Shown, link: DeskLink, ports: DeskPorts) -> None:
        self._app = app
        self._link = link
        self._ports = ports
        self.refuse = self._read_only if ports.read_only else None
        """Says why nothing is kept; None where it is."""
        self.notes = NoteKeeper(
            NotePorts(
                shown=link.set_notes,
                save=lambda note: self._later("the note was not saved", lambda: self._ports.add_note(note)),
                remove=lambda gone: self._later("the note was not removed", lambda: self._ports.remove_note(gone)),
            )
        )
        self._own_looking = self._themes_looking = False
        self._queue: asyncio.Queue[tuple[str, Callable[[], Callable[[], None] | None]]] = asyncio.Queue()
        self._drain: asyncio.Task[None] | None = None
        self._looking = False
        self.unsaved = ""
        """Why levels wait to be saved; empty when none do."""

    def _read_only(self) -> None:
        self._app.warn("this desk is read-only: it keeps no levels, notes or pictures, and asks for no symbols")

    def level_changed(self, edit: LevelEdit, levels: tuple[Level, ...]) -> None:
        """The desk changed a level: show all of them and keep the edit."""
        self._link.set_levels(levels)
        self._later(
            "levels were not saved", lambda: partial(self._levels_kept, self._ports.save_levels((edit,)), (edit,))
        )

    def look_at_levels(self) -> None:
        """See whether the levels were changed outside, or can be saved by now."""
        if not self._looking:
            self._looking = True
            self._later("levels were not read", self._look)

    def _look(self) -> Callable[[], None] | None:
        try:
            news = self._ports.look_at_levels()
        finally:
            self._looking = False
        return partial(self._levels_kept, news, ()) if news is not None else None

    def _levels_kept(self, news: LevelNews, kept: tuple[LevelEdit, ...]) -> None:
        self.unsaved = news.unsaved
        for text in news.warnings:
            self._app.warn(text)
        for text in news.said:
            self._app.say(text)
        self._app.take_levels(news.levels, kept)

    def keep_note(self, at_ms: int, typed: str) -> None:
        """Pin a note at a time (UTC ms); the text may begin with its kind."""
        kind, text = split_kind(typed)
        if text:
            self.notes.put(Note(new_note_id(), at_ms, Precision.MINUTE, kind.value, text, "", None))

    def look_at_own(self) -> None:
        """See whether the files of notes and daily series were changed outside."""
        if not self._own_looking:
            self._own_looking = True
            # as of now: what changes here until the file is read is not in it yet
            self._later("your notes and series were not read", partial(self._look_at_own, self.notes.generation))

    def _look_at_own(self, before: int) -> Callable[[], None] | None:
        try:
            own = self._ports.look_at_own()
        finally:
            self._own_looking = False
        return partial(self._own_read, own, before)

    def _own_read(self, own: OwnFiles, before: int) -> None:
        for text in own.said:
            self._app.warn(text)
        # a note that was changed here meanwhile is saved next: the file is read again after that
        if own.notes is not None and before == self.notes.generation:
            self.notes.take(own.notes)
        if own.series is not None:
            self._link.set_series(own.series)

    def look_at_first(self, show: Callable[[], None]) -> None:
        """See whether this is the very first start, and `show` what belongs to that."""
        first = self._ports.first
        if first is not None:
            self._later("nobody knows whether this is the first start", lambda: show if first.is_first() else None)

    def first_seen(self) -> None:
        """There is only one very first start."""
        first = self._ports.first
        if first is not None:
            self._later("the first start was not remembered", first.remember)

    def look_at_themes(self) -> None:
        """See whether the files of themes were changed."""
        ports = self._ports.themes
        if ports is not None and not self._themes_looking:
            self._themes_looking = True
            self._later("your themes were not read", partial(self._look_at_themes, ports))

    def _look_at_themes(self, ports: ThemePorts) -> Callable[[], None] | None:
        try:
            news = ports.look()
        finally:
            self._themes_looking = False
        return partial(self._themes_read, ports, news) if news is not None else None

    def _themes_read(self, ports: ThemePorts, news: ThemeNews) -> None:
        self._app.take_themes(news.themes)
        for text in told(news.problems, ports.check):
            self._app.warn(text)

    def theme_chosen(self, theme_id: str) -> None:
        """Keep a choice for the next time."""
        ports = self._ports.themes
        if ports is not None:
            self._later("the theme is not remembered", partial(self._keep, ports.choose, theme_id))

    def layout_chosen(self, layout_id: str) -> None:
        """Keep a choice for the next time."""
        keep = self._ports.keep_layout
        if keep is not None:
            self._later("the layout is not remembered", partial(self._keep, keep, layout_id))

    def _keep(self, choose: Callable[[str], str], chosen: str) -> Callable[[], None] | None:
        said = choose(chosen)
        return partial(self._app.say, said) if said else None

    def remember(self, name: str, value: str) -> None:
        """Keep a choice of the tickers for the next time."""
        keep = self._ports.remember
        if keep is not None:
            self._later(f"the {name} was not kept for the next time", partial(self._remembered, keep, name, value))

    def _remembered(self, keep: Callable[[str, str], str], name: str, value: str) -> Callable[[], None] | None:
        said = keep(name, value)
        return partial(self._app.say, said) if said else None

    def send(self, command: Command) -> None:
        """Ask the worker for something; without one nothing happens."""
        send = self._ports.send_command
        if send is not None:
            self._later("the worker was not reached", lambda: send(command))

    def send_again(self, command: Command) -> None:
        """Ask the worker for what it was asked for before: that it refuses was told then."""
        send = self._ports.send_command
        if send is not None:

            def ask() -> None:
                with suppress(CrashdeskError):
                    send(command)

            self._later("the worker was not reached", ask)

    async def brief(self) -> None:
        """Make a brief of this moment, show it, write it."""

        async def make() -> Path | None:
            document = await asyncio.wrap_future(self._link.ask(self._ports.make_brief))
            self._app.post_message(OpenPage("Brief", document.text))
            return await asyncio.to_thread(self._ports.save_brief, document)

        await self._write("brief", make())

    async def picture(self, svg: str, as_of_ms: int) -> None:
        """Write a picture of the screen."""
        await self._write("picture", asyncio.to_thread(self._ports.save_picture, svg, as_of_ms))

    async def _write(self, what: str, work: Awaitable[Path | None]) -> None:
        try:
            path = await work
        except (CrashdeskError, OSError) as error:
            self._app.warn(f"the {what} was not written: {error}")
        except Exception as error:  # noqa: BLE001 - a border: a brief that fails must not take the desk with it
            self._app.warn(f"the {what} failed: {type(error).__name__}: {error}")
        else:
            if path is not None:
                self._app.say(f"{what} written:\n{path.name}\nin {_folder(path)}")

    async def flush(self) -> None:
        """Wait until everything that was begun has been done."""
        await self._queue.join()

    def _later(self, failed: str, act: Callable[[], Callable[[], None] | None]) -> None:
        """Do it behind the others on another thread: a full disk or a busy worker must not hold up the keys.

        What `act` gives is done on the desk's thread then.
        """
        self._queue.put_nowait((failed, act))
        if self._drain is None:
            self._drain = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while True:
            failed, act = await self._queue.get()
            try:
                then = await asyncio.to_thread(act)
                if then is not None:
                    then()
            except (CrashdeskError, OSError) as error:
                self._app.warn(f"{failed}: {error}")
            except Exception as error:  # noqa: BLE001 - a border: one errand that fails must not stop those behind it
                self._app.warn(f"{failed}: {type(error).__name__}: {error}")
            finally:
                self._queue.task_done()


def _folder(path: Path) -> str:
    """The file's folder, its last parts only when it is long: a toast must not break a name."""
    text = str(path.parent)
    home = str(Path.home())
    text = "~" + text.removeprefix(home) if text.startswith(home) else text
    parts = text.split("/")
    while len(text) > FOLDER_CELLS and len(parts) > 1:
        parts = parts[1:]
        text = "/".join(["…", *parts])
    return text
