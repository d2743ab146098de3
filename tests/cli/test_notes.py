"""Notes from the command line: pinned, listed, removed, imported, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crashdesk.config.notes_file import load_notes
from crashdesk.model.records import Precision
from tests.cli.bad_input import Run
from tests.session import market_tape

CAUSES = (
    "ts,kind,text,source,url",
    '2025-10-29,macro,"Powell: a December cut is ""not a foregone conclusion""",Federal Reserve,',
    '2025-11-03,hack,"Balancer exploited, over $100M",report,https://example.org/balancer',
    "week to 2025-11-03,flows,IBIT: under 600 BTC a week,report,",
    "2025-11-03T23:59:00Z,levels,a close under the average,,",
)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tape") / "tape.crash"
    market_tape.write(path, hours=1)
    return path


def test_a_note_is_kept_with_its_kind_and_taken_off_again(run: Run, tape: Path, hermetic_environment: Path) -> None:
    code, out, _ = run("note", "Hack: Balancer", "--at", "2025-11-03", "--source", "report", "--recording", tape)
    assert code == 0
    note_id = out.split()[0]
    assert out.split()[1:] == ["2025-11-03", "hack", "Balancer", "report"]
    assert run("notes", "list", "--recording", tape)[1] == out
    assert run("notes", "--recording", tape)[1] == out
    code, _, err = run("notes", "remove", note_id + "x", "--recording", tape)
    assert (code, note_id in err) == (1, True)
    assert run("notes", "remove", note_id, "--recording", tape)[0] == 0
    assert run("notes", "--recording", tape)[1] == ""


def test_without_a_time_a_note_on_a_recording_is_at_its_end(run: Run, tape: Path, hermetic_environment: Path) -> None:
    from crashdesk.recording.reader import RecordingReader

    reader = RecordingReader.open(tape)
    reader.close()
    assert run("note", "here", "--recording", tape)[0] == 0
    assert run("note", "earlier", "--at", "-10m", "--kind", "news", "--recording", tape)[0] == 0
    file = hermetic_environment / "data" / "crashdesk" / "notes.toml"
    notes, problems = load_notes(file, reader.session.recording_id)
    assert problems == ()
    assert [(note.text, note.kind, note.ts_ms, note.precision) for note in notes] == [
        ("here", "mine", reader.end_ms, Precision.MINUTE),
        ("earlier", "news", reader.end_ms - 600_000, Precision.MINUTE),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("note", "x", "--at", "soon"), 2, "--at: not a time"),
        (("note", "hack:"), 2, "the text is empty"),
        (("note", "x" * 501), 2, "at most 500 characters"),
        (("note", "x", "--kind", "hak"), 2, "did you mean 'hack'"),
        (("note", "x", "--url", "file:///etc/passwd"), 2, "--url: no web address"),
        (("notes", "import", "nothing.csv"), 1, "no such file"),
    ],
)
def test_mistakes_are_one_sentence(run: Run, tape: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = run(*arguments, "--recording", tape)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert said in err


def test_without_a_recording_one_is_asked_for(run: Run) -> None:
    code, _, err = run("note", "x")
    assert code == 1
    assert "no live recording yet" in err


def test_causes_are_imported_once_and_exported_as_they_came(run: Run, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "causes.csv"
    file.write_text("\n".join(CAUSES))
    for said in ("4 notes imported", "0 notes imported, 4 there already"):
        code, _, err = run("notes", "import", file, "--recording", tape)
        assert (code, err) == (0, f"crashdesk: {said}\n")
    code, out, _ = run("notes", "export", "--recording", tape)
    assert code == 0
    assert sorted(out.splitlines()) == sorted(CAUSES)
    as_json = tmp_path / "causes.json"
    as_json.write_text(run("notes", "export", "--format", "json", "--recording", tape)[1])
    assert {row["kind"] for row in json.loads(as_json.read_text())} == {"macro", "hack", "flows", "levels"}
    assert run("notes", "import", as_json, "--recording", tape)[0] == 0
    assert run("notes", "export", "--recording", tape)[1] == out


def test_wrong_rows_are_named_by_line_and_the_others_kept(run: Run, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "causes.csv"
    file.write_text(
        "ts,kind,text,url\n"
        "2025-11-03,hack,good,\n"
        "soon,hack,bad time,\n"
        "2025-11-03,hac,bad kind,\n"
        '2025-11-03,hack,"two\nlines",\n'
        "2025-11-03,hack,,\n"
        "2025-11-03,hack,x,javascript:alert(1)\n"
        "2025-11-03,hack,a, comma,too many\n"
    )
    code, _, err = run("notes", "import", file, "--recording", tape)
    assert code == 1
    lines = err.splitlines()
    for line, reason in zip(
        lines,
        (
            "line 3: not a time",
            "line 4: unknown kind 'hac' (did you mean 'hack'?)",
            "line 7: text is missing",
            "line 8: no web address",
            "line 9: has more cells than the head",
        ),
        strict=False,
    ):
        assert reason in line
    assert lines[-1].endswith("2 notes imported, 5 left out")
    texts = run("notes", "--recording", tape)[1]
    assert "good" in texts
    assert "two lines" in texts


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("when,text\n", "line 1: no column 'ts'"),
        ("ts,text,sorce\n", "unknown column 'sorce' (did you mean 'source'?)"),
        ("", "line 1: no column 'ts'"),
        ("[1, 2", "line 1: bad JSON"),
        ('{"ts": 1}', "must be a list of objects"),
        ('ts,text\n2025-11-03,"open\n', "bad CSV"),
        ("[" * 100_000, "bad JSON"),
    ],
)
def test_a_file_that_is_none(run: Run, tape: Path, tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "causes"
    file.write_text(written)
    code, _, err = run("notes", "import", file, "--recording", tape)
    assert (code, err.count("\n")) == (1, 1)
    assert said in err


def test_json_rows_are_named_by_number(run: Run, tape: Path, tmp_path: Path) -> None:
    file = tmp_path / "causes.json"
    file.write_text('[{"ts": 1762128000000, "text": "in ms"}, 7, {"ts": "2025-11-03", "text": 8}]')
    code, _, err = run("notes", "import", file, "--recording", tape)
    assert code == 1
    assert "row 2: " in err
    assert "row 3: text must be text" in err
    assert "1 notes imported, 2 left out" in err
