"""Where things live: the XDG folders on every system, platformdirs where they are not set. Nothing is made here."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crashdesk.config.settings import Paths
from crashdesk.model.errors import CrashdeskError

APP = "crashdesk"


def resolve_paths(environment: Mapping[str, str], config_file: Path | None) -> Paths:
    """The folders of this user; `config_file` replaces the default config.toml.

    Without XDG_RUNTIME_DIR the runtime folder is `crashdesk-UID` in the folder for temporary files (see `ensure_dir`).
    """
    import platformdirs

    config = _folder(environment, "XDG_CONFIG_HOME") or Path(platformdirs.user_config_dir(APP))
    data = _folder(environment, "XDG_DATA_HOME") or Path(platformdirs.user_data_dir(APP))
    cache = _folder(environment, "XDG_CACHE_HOME") or Path(platformdirs.user_cache_dir(APP))
    return Paths(
        config_file=config_file.absolute() if config_file else config / "config.toml",
        data_dir=data,
        cache_dir=cache,
        runtime_dir=_folder(environment, "XDG_RUNTIME_DIR") or _temporary(environment) / f"{APP}-{os.getuid()}",
    )


def ensure_dir(path: Path) -> Path:
    """Make the folder (and those above it) for this user only; returns it.

    Raises CrashdeskError when it can't be made, or when it is another user's: in a folder that everybody may write to,
    somebody else could have put it there first.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat() if _is_shared(path.parent) else path.stat()
    except OSError as error:
        raise CrashdeskError(f"{path}: this folder can't be made: {_reason(error)}") from error
    if not stat.S_ISDIR(found.st_mode):
        raise CrashdeskError(f"{path}: must be a folder; move away what is there")
    if _is_shared(path.parent) and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        raise CrashdeskError(f"{path}: this folder is open to other users; remove it or set XDG_RUNTIME_DIR")
    return path


def _folder(environment: Mapping[str, str], variable: str) -> Path | None:
    """Our folder in the one that an XDG variable names; a relative one is left out, as the specification asks."""
    path = Path(environment.get(variable, ""))
    return path / APP if path.is_absolute() else None


def _temporary(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("TMPDIR") or tempfile.gettempdir())


def _is_shared(folder: Path) -> bool:
    """Whether everybody may make files in `folder`."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
