"""Folders and the writing of files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from crashdesk.config.atomic import write_atomic
from crashdesk.config.paths import ensure_dir, resolve_paths
from crashdesk.model.errors import CrashdeskError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_xdg_folders_are_used_and_nothing_is_made(tmp_path: Path) -> None:
    names = {"CONFIG_HOME": "c", "DATA_HOME": "d", "CACHE_HOME": "k", "RUNTIME_DIR": "r"}
    paths = resolve_paths({f"XDG_{key}": str(tmp_path / value) for key, value in names.items()}, None)
    assert paths.config_file == tmp_path / "c/crashdesk/config.toml"
    assert paths.themes_dir == tmp_path / "c/crashdesk/themes"
    assert paths.data_dir == tmp_path / "d/crashdesk"
    assert paths.cache_dir == tmp_path / "k/crashdesk"
    assert paths.runtime_dir == tmp_path / "r/crashdesk"
    assert list(tmp_path.iterdir()) == []


def test_a_relative_xdg_folder_is_left_out() -> None:
    assert resolve_paths({"XDG_DATA_HOME": "here"}, None).data_dir.is_absolute()


def test_without_a_runtime_folder_the_one_for_temporary_files(tmp_path: Path) -> None:
    assert resolve_paths({"TMPDIR": str(tmp_path)}, None).runtime_dir == tmp_path / f"crashdesk-{os.getuid()}"


def test_a_named_config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_paths({}, Path("my.toml")).config_file == tmp_path / "my.toml"


def test_ensure_dir(tmp_path: Path) -> None:
    folder = ensure_dir(tmp_path / "a" / "b")
    assert mode(folder) == 0o700
    assert ensure_dir(folder) == folder


def test_ensure_dir_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(CrashdeskError, match=r"/a: this folder can't be made: file exists"):
        ensure_dir(tmp_path / "a")
    with pytest.raises(CrashdeskError, match=r"/a/b: this folder can't be made"):
        ensure_dir(tmp_path / "a" / "b")


def test_in_a_folder_for_everybody_only_an_own_closed_folder_will_do(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    assert mode(ensure_dir(shared / "mine")) == 0o700
    (shared / "open").mkdir()
    (shared / "open").chmod(0o755)
    (shared / "link").symlink_to(shared / "mine")
    for name in ("open", "link"):
        with pytest.raises(CrashdeskError):
            ensure_dir(shared / name)


def test_write_atomic_replaces_whole_files_for_this_user_only(tmp_path: Path) -> None:
    file = tmp_path / "levels.toml"
    file.write_text("old")
    file.chmod(0o644)
    write_atomic(file, "new é")
    assert file.read_bytes() == "new é".encode()
    assert mode(file) == 0o600
    write_atomic(file, b"\x00\xff")
    assert file.read_bytes() == b"\x00\xff"
    assert [path.name for path in tmp_path.iterdir()] == ["levels.toml"]


def test_write_atomic_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    target.write_text("old")
    (tmp_path / "link").symlink_to(target)
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert target.read_text() == "new"


def test_write_atomic_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(file, "new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
