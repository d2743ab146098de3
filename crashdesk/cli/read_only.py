"""What a desk that is read-only is given in the place of what keeps, sends and tells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from crashdesk.desk.ports import BriefDocument, DeskPorts
from crashdesk.model.errors import CrashdeskError

if TYPE_CHECKING:
    from crashdesk.config.level_store import LevelNews
    from crashdesk.model.level_edits import LevelEdit
    from crashdesk.model.records import Note


def looking(ports: DeskPorts) -> DeskPorts:
    """The same desk without a way to write a file of the user's, to ask the recorder, or to run an alert's program.

    It refuses such keys by itself; here is nothing that could do it all the same.
    """
    return ports._replace(
        save_levels=_no_levels,
        add_note=_no_note,
        remove_note=_no_note,
        save_brief=_only_shown,
        save_picture=_no_picture,
        send_command=None,
        alerts=None,
        themes=ports.themes._replace(choose=_forgotten) if ports.themes is not None else None,
        first=None,
        remember=None,
        markets=None,
        keep_layout=None,
        read_only=True,
    )


def _no_levels(_: tuple[LevelEdit, ...]) -> LevelNews:
    _refuse()


def _no_note(_: Note | str) -> None:
    _refuse()


def _no_picture(_svg: str, _at_ms: int) -> Path:
    _refuse()


def _refuse() -> NoReturn:
    raise CrashdeskError("this desk is read-only")


def _only_shown(_: BriefDocument) -> None:
    """A brief is for the screen alone."""


def _forgotten(_: str) -> str:
    return ""
