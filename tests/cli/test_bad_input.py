"""What users and disks get wrong: one sentence that names it, no traceback, and what was there stays as it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from crashdesk.cli.main import main
from crashdesk.recording.format import FIRST_OFFSET, MAGIC, PREFACE, Header, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.version import FORMAT_VERSION
from tests.session import market_tape

Run = Callable[..., tuple[int, str, str]]

READERS = [("brief",), ("replay",), ("doctor",), ("snapshots", "info")]
LIMIT_S = 60
NOWHERE = '[venues.okx]\napi_url = "http://127.0.0.1:1"\nws_url = "ws://127.0.0.1:1"\n'
FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def tape_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, hours=1)
    return path.read_bytes()


@pytest.fixture
def tape(tape_bytes: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "tape.crash"
    path.write_bytes(tape_bytes)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(word) for word in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


def one_sentence(err: str) -> str:
    """The only line on standard error, fit for a terminal."""
    assert err.startswith("crashdesk: ")
    assert err.endswith("\n")
    assert err[:-1].isprintable()
    return err


def frames(path: Path) -> list[Header]:
    file = FrameFile(path)
    found = []
    offset = FIRST_OFFSET
    while (header := file.header(offset)) is not None:
        found.append(header)
        offset = header.end
    file.close()
    return found


def database(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table a (b)")
    base.close()


def itself(path: Path) -> None:
    path.symlink_to(path.name)


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "does not exist"),
    "folder": (Path.mkdir, "is not a file"),
    "pipe": (os.mkfifo, "is not a file"),
    "loop": (itself, "cannot be opened"),
    "empty": (Path.touch, "is empty"),
    "text": (lambda path: path.write_text("hello world\n" * 50), "is not a crashdesk recording"),
    "noise": (lambda path: path.write_bytes(bytes(range(256)) * 400), "is not a crashdesk recording"),
    "database": (database, "is not a crashdesk recording"),
    "cut in the magic": (lambda path: path.write_bytes(MAGIC[:5]), "is not a crashdesk recording"),
    "preface only": (lambda path: path.write_bytes(PREFACE.pack(MAGIC, 1)), "is empty"),
    "newer": (
        lambda path: path.write_bytes(PREFACE.pack(MAGIC, FORMAT_VERSION + 1) + b"x" * 99),
        f"has format {FORMAT_VERSION + 1}, newer than {FORMAT_VERSION}",
    ),
    "format 0": (lambda path: path.write_bytes(PREFACE.pack(MAGIC, 0) + b"x" * 99), "is not a crashdesk recording"),
}


@pytest.mark.parametrize("command", READERS, ids=" ".join)
@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_recording_is_told_in_one_sentence(tmp_path: Path, run: Run, name: str, command: list[str]) -> None:
    path = tmp_path / "a.crash"
    make, words = FOREIGN[name]
    make(path)
    code, out, err = run(*command, path)
    assert (code, out) == (1, "")
    assert f"{path} {words}" in one_sentence(err)


@pytest.mark.parametrize("name", ["text", "noise", "database", "newer", "format 0"])
def test_record_never_touches_a_foreign_file(tmp_path: Path, run: Run, name: str) -> None:
    path = tmp_path / "a.crash"
    make, words = FOREIGN[name]
    make(path)
    before = path.read_bytes()
    code, _, err = run("record", "--out", path, "--for", "1s")
    assert code == 1
    assert words in one_sentence(err)
    assert path.read_bytes() == before


def test_record_refuses_a_folder_and_a_pipe_at_once(tmp_path: Path, run: Run) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run("record", "--out", tmp_path, "--for", "1s")
    assert code == 2
    assert "name a file in it" in one_sentence(err)
    code, _, err = run("record", "--out", tmp_path / "pipe", "--for", "1s")
    assert code == 1
    assert "is not a file" in one_sentence(err)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_recording_that_was_cut_off_is_read_up_to_there(tape: Path, run: Run, part: float) -> None:
    data = tape.read_bytes()
    tape.write_bytes(data[: int(len(data) * part)])
    for command in READERS:
        code, out, err = run(*command, tape)
        assert (code, err) == (0, "")
        assert out
    assert "not closed" in run("doctor", tape)[1]
    assert tape.read_bytes() == data[: int(len(data) * part)]


@pytest.mark.parametrize("kind", [Kind.QUOTES, Kind.LIQUIDATIONS, Kind.KEY])
def test_damage_in_the_middle_is_doctors_to_tell_and_the_rest_is_shown(tape: Path, run: Run, kind: Kind) -> None:
    found = [header for header in frames(tape) if header.kind == kind]
    bad = found[len(found) // 2]
    data = bytearray(tape.read_bytes())
    data[bad.start + 1] ^= 0x55
    tape.write_bytes(data)
    code, out, err = run("doctor", tape)
    assert (code, err) == (1, "")
    assert f"WRONG  bytes {bad.offset:,} to {bad.end:,}" in out
    for command in ("brief", "replay"):
        code, out, err = run(command, tape)
        assert (code, err) == (0, "")
        assert "BTC/USDT is at" in out
    assert tape.read_bytes() == bytes(data)


def test_frames_of_kinds_that_are_not_known_yet_are_passed_over(tape: Path, run: Run) -> None:
    """A later version may add kinds: the header's checksum is made anew, as that version would."""
    data = bytearray(tape.read_bytes())
    for header in [header for header in frames(tape) if header.kind == Kind.TICK]:
        data[header.offset + 5] = 99
        fields = bytes(data[header.offset : header.offset + 36])
        data[header.offset + 36 : header.offset + 40] = struct.pack("<I", zlib.crc32(fields))
    tape.write_bytes(data)
    assert run("doctor", tape)[0] == 0
    assert run("brief", tape)[0] == 0


def test_reading_writes_nothing_beside_the_recording(tape: Path, run: Run) -> None:
    before = tape.stat()
    tape.chmod(stat.S_IRUSR)
    tape.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        for command in READERS:
            assert run(*command, tape)[0] == 0
        assert [path.name for path in tape.parent.iterdir()] == [tape.name]
        assert (tape.stat().st_mtime_ns, tape.stat().st_size) == (before.st_mtime_ns, before.st_size)
    finally:
        tape.parent.chmod(stat.S_IRWXU)


def test_a_name_with_control_characters_is_shown_without_them(tmp_path: Path, run: Run) -> None:
    code, _, err = run("brief", tmp_path / "a\x1b[31mb\x07\n\u202ec.crash")
    assert code == 1
    one_sentence(err)


CONFIGS = {
    "bad TOML": ("[venues.okx\nx=1", "bad TOML"),
    "not UTF-8": ('[desk]\ntimezone="Z\xfcrich"\n', "not UTF-8"),
    "too deep": ("a = " + "[" * 50_000, "bad TOML"),
    "digits": ("[venues.okx]\ntop = " + "9" * 5_000, "bad TOML"),
    "huge": ("# x\n" * 2_500_000, "larger than 4 MB"),
    "unknown key": ('[desk]\nthem = "x"', "desk.them: unknown key (did you mean 'theme'?)"),
    "unknown table": ("[dsk]\na = 1", "dsk: unknown key (did you mean 'desk'?)"),
    "table expected": ("desk = 3", "desk: must be a table, is a whole number"),
    "wrong type": ("[desk]\nascii = 'yes'", "desk.ascii: must be true or false, is text"),
    "a date": ("[desk]\ntimeframe = 2020-01-01", "desk.timeframe: must be text, is a date or time"),
    "theme": ('[desk]\ntheme = "midnigt"', "unknown theme 'midnigt' (did you mean 'midnight'?)"),
    "timezone": ('[desk]\ntimezone = "Europe/Zurch"', "(did you mean 'Europe/Zurich'?)"),
    "symbol": ('[desk]\nsymbol = "BTCUSDT"', "desk.symbol: no symbol: 'BTCUSDT'"),
    "venue": ("[venues.okxx]", "venues.okxx.exchange: is missing"),
    "exchange": ('[venues.a]\nexchange = "binnance"', "unknown exchange 'binnance' (did you mean 'binance'?)"),
    "negative": ("[venues.okx]\npoll_seconds = -1", "venues.okx.poll_seconds: must be 0.1 to 3600, is -1"),
    "not a number": ("[venues.okx]\npoll_seconds = nan", "must be 0.1 to 3600, is nan"),
    "infinite": ("[venues.okx]\npoll_seconds = inf", "must be 0.1 to 3600, is inf"),
    "proxy": ('[venues.okx]\nproxy = "not a proxy"', "venues.okx.proxy: must start with http:// or https://"),
    "address": ('[venues.okx]\napi_url = "ftp://x"', "venues.okx.api_url: must start with https:// or http://"),
    "baskets": ('[baskets]\nfile = "no.toml"', "baskets.file: no such file"),
    "keys": ('[keys]\nquitt = "q"', "keys.quitt: no such action (did you mean 'quit'?)"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_mistake_in_the_settings_is_named_and_a_brief_still_comes(
    tmp_path: Path, tape: Path, run: Run, name: str
) -> None:
    text, words = CONFIGS[name]
    file = tmp_path / "my.toml"
    file.write_bytes(text.encode("latin-1"))
    code, out, err = run("--config", file, "config", "check")
    assert (code, err) == (1, "")
    assert out.startswith(f"{file}: ")
    assert words in out
    assert out.replace("\n", "").isprintable()
    code, out, err = run("--config", file, "brief", tape)
    assert code == 0
    assert "BTC/USDT is at" in out
    assert words in err


def test_a_folder_as_settings(tmp_path: Path, run: Run) -> None:
    code, out, _ = run("--config", tmp_path, "config", "check")
    assert code == 1
    assert out.startswith(f"{tmp_path}: is a directory")


def test_a_password_in_a_bad_proxy_is_not_shown(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[venues.okx]\nproxy = "socks5://me:hush@host:1"\n[venues.htx]\nproxy = "http://me:hush@h:99999"\n')
    code, out, err = run("--config", file, "config", "check")
    assert code == 1
    assert "hush" not in out + err


def test_escape_sequences_in_the_settings_reach_no_terminal(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text(
        '[desk]\ntheme = "\\u001b[31mred"\nsymbol = "[b]X[/b]/\\u0007"\ntimezone = "\\u202eUTC\\u009b2J"\n'
        '["\\u001b[2J"]\na = 1\n[venues."\\u001b]0;x\\u0007"]\nexchange = "okx"\n'
    )
    code, out, _ = run("--config", file, "config", "check")
    assert code == 1
    assert out.replace("\n", "").isprintable()


def test_the_only_venue_is_unknown(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[venues.okxx]\n")
    for command in ([], ["record", "--out", tmp_path / "a.crash", "--for", "1s"]):
        code, out, err = run("--config", file, *command)
        assert (code, out) == (1, "")
        assert "did you mean 'okx'?" in err
        assert "no venue is enabled" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["brief", "TAPE", "--at", "nonsense"], "not a time: 'nonsense'"),
        (["brief", "TAPE", "--at", "99:99"], "not a time: '99:99'"),
        (["brief", "TAPE", "--at", "2025-02-30"], "not a time: '2025-02-30'"),
        (["brief", "TAPE", "--at", "9" * 30], "not a time"),
        (["brief", "TAPE", "--at", "2099-01-01"], "is outside the recording, which goes from"),
        (["brief", "TAPE", "--format", "xml"], "no 'xml' here"),
        (["brief", "TAPE", "--scenario", "november-2025"], "not both"),
        (["brief", "--scenario", "novembr-2025"], "did you mean 'november-2025'?"),
        (["brief", "--scenario", "../../etc/passwd"], "there is no scenario"),
        (["demo", "novmber"], "did you mean 'november-2025'?"),
        (["demo", "octobr-2025"], "did you mean 'october-2025'?"),
        (["replay", "TAPE", "--speed", "-1"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--speed", "nan"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--speed", "1e999"], "--speed: write a number above 0"),
        (["replay", "TAPE", "--at", "2099-01-01"], "is outside the recording"),
        (["replay"], "FILE"),
        (["record", "--for", "0"], "not a duration: '0'"),
        (["record", "--for", "abc"], "not a duration: 'abc'"),
        (["record", "--for", "99999999999999999h"], "a duration must be"),
        (["recrod"], "did you mean 'record'?"),
        (["snapshots", "inf"], "did you mean 'info'?"),
        (["doctor", "a", "b"], "unrecognized arguments: b"),
        (["--config", "/nowhere/x.toml"], "/nowhere/x.toml: no such file"),
    ],
)
def test_nonsense_in_arguments_is_wrong_usage(tape: Path, run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*(str(tape) if word == "TAPE" else word for word in arguments))
    assert (code, out) == (2, "")
    assert words in one_sentence(err)


@pytest.mark.parametrize("name", ["levels.toml", "notes.toml"])
def test_a_broken_file_of_the_users_own_is_named_and_left_alone(
    hermetic_environment: Path, run: Run, name: str
) -> None:
    file = hermetic_environment / "data" / "crashdesk" / name
    file.parent.mkdir()
    file.write_text(f'[[{name[:-5]}]]\nsymbol = "BTC/USDT\n')
    before = file.read_bytes()
    code, out, _ = run("config", "check")
    assert code == 1
    assert f"{file}: bad TOML" in out
    assert file.read_bytes() == before


def shell(words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/bash", "-c", words], capture_output=True, text=True, timeout=LIMIT_S, check=False)


PROGRAM = f"{sys.executable} -m crashdesk"


def test_a_reader_that_goes_away_is_no_failure(tape: Path) -> None:
    done = shell(f"{PROGRAM} brief {tape} --format json | head -c 1; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("{0\n", "")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_a_failure_in_one_sentence(tape: Path) -> None:
    done = shell(f"{PROGRAM} brief {tape} > {FULL}")
    assert done.returncode == 1
    assert "no space left on device" in one_sentence(done.stderr)


def test_closed_standard_streams_are_no_traceback(tape: Path) -> None:
    for streams, code in ((">&-", 0), ("<&-", 0), ("2>&-", 0)):
        done = shell(f"{PROGRAM} brief {tape} {streams}")
        assert (done.returncode, done.stderr) == (code, "")


def recorder(out: Path, *, child: bool = False) -> subprocess.Popen[str]:
    """`record` of a venue that nobody reaches, once it has written its first words on that venue's health."""
    config = out.with_suffix(".toml")
    config.write_text(NOWHERE)
    size = out.stat().st_size if out.exists() else 0
    words = [sys.executable, "-m", "crashdesk", "--config", str(config), "record", "--out", str(out)]
    process = subprocess.Popen(
        [*words, "--child"] if child else words,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + LIMIT_S
    while not _at_work(out, size):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def _at_work(out: Path, size: int) -> bool:
    if not out.exists() or out.stat().st_size <= max(size, FIRST_OFFSET):
        return False
    return any(header.kind == Kind.HEALTH and header.offset >= size for header in frames(out))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_closes_the_recording(tmp_path: Path, run: Run, number: int) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out)
    process.send_signal(number)
    assert "Traceback" not in process.communicate(timeout=LIMIT_S)[1]
    code, text, _ = run("doctor", out)
    assert code == 0
    assert "closed cleanly" in text


def test_what_was_written_survives_a_kill_and_the_next_one_goes_on(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "a.crash"
    for _ in range(2):
        process = recorder(out)
        before = out.read_bytes()
        process.kill()
        process.communicate(timeout=LIMIT_S)
        assert out.read_bytes().startswith(before)
    killed = out.read_bytes()
    assert "not closed" in run("doctor", out)[1]
    process = recorder(out)
    process.terminate()
    process.communicate(timeout=LIMIT_S)
    assert out.read_bytes().startswith(killed)
    code, text, _ = run("doctor", out)
    assert code == 0
    assert "closed cleanly" in text
    assert "no damage" in text
    assert "sessions   3, closed" in run("snapshots", "info", out)[1]


def test_a_recorder_ends_with_its_parent(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out, child=True)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(LIMIT_S) == 0
    assert "closed cleanly" in run("doctor", out)[1]


def test_one_recorder_a_file_by_whatever_name(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "a.crash"
    process = recorder(out)
    try:
        (tmp_path / "soft.crash").symlink_to(out)
        (tmp_path / "hard.crash").hardlink_to(out)
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "elsewhere"))
        for name in ("a.crash", "soft.crash", "hard.crash"):
            code, _, err = run("record", "--out", tmp_path / name, "--for", "1s")
            assert code == 1
            assert "is being written by" in one_sentence(err)
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT_S)
    assert run("doctor", out)[0] == 0
