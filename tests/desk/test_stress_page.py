"""The stress gauge on the desk: its cell in the status line, and its page."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from crashdesk.desk.messages import OpenPage, Say
from crashdesk.desk.status import StatusBar, _stress_cell
from crashdesk.desk.stress_page import open_stress, stress_page
from crashdesk.model.errors import RecordingError
from crashdesk.session.stress_views import NO_STRESS, SCALES, PartKind, made_of
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view

THREE = made_of({PartKind.BREADTH: 0.4, PartKind.MOVE: 0.55, PartKind.RATE: 20.0})
ALL = made_of(dict.fromkeys(PartKind, 0.0))


@pytest.mark.parametrize(("view", "text"), [(THREE, "stress 69 (3/6)"), (ALL, "stress 0"), (NO_STRESS, "")])
def test_the_cell_says_of_how_many_parts_it_is(view: object, text: str) -> None:
    cells = _stress_cell(view, sample_look())  # type: ignore[arg-type]
    assert "".join(part for cell in cells for part, _ in cell.forms[0]) == text


def test_the_number_stands_in_the_status_line_where_there_is_room() -> None:
    bar = StatusBar(sample_look())
    bar._view = desk_view()._replace(stress=THREE)
    assert "stress 69 (3/6)" in bar.lines(200, 1)[0].text
    for width in range(20, 200, 7):
        text = bar.lines(width, 1)[0].text
        assert len(text) == width
        assert ("stress 6" in text) == ("stress 69 (3/6)" in text or "stress 69 3/6" in text)
    assert "stress 69 3/6" in bar.lines(80, 1)[0].text


def test_the_page_has_every_part_with_its_definition() -> None:
    part = THREE.parts[0]._replace(percentile=93.4, spans=276)
    text = stress_page(THREE._replace(parts=(part, *THREE.parts[1:])))
    lines = text.splitlines()
    assert lines[0] == "Stress 69 of 100, from 3 of 6 parts."
    assert lines[3].split("  ")[0] == "breadth"
    assert "93 over 23.0 h" in lines[3]
    assert "0 at 0 %, 100 at 80 %" in lines[3]
    assert all(scale.definition in text for scale in SCALES.values())
    assert "tells nothing of what comes" in text
    assert stress_page(NO_STRESS).startswith("Stress is not known: 0 of 6 parts are, 3 are needed.")


class App:
    """What is posted to it."""

    def __init__(self) -> None:
        self.posted: list[object] = []

    def post_message(self, message: object) -> None:
        self.posted.append(message)


class Link:
    """Answers at once."""

    def __init__(self, answer: Future[object]) -> None:
        self.answer = answer

    def ask(self, _question: object) -> Future[object]:
        return self.answer


@pytest.mark.parametrize("failed", [False, True])
def test_the_page_opens_when_the_answer_is_there(failed: bool) -> None:
    app, answer = App(), Future[object]()
    open_stress(app, Link(answer))  # type: ignore[arg-type]
    assert not app.posted
    if failed:
        answer.set_exception(RecordingError("there is no data yet: wait for the first prices"))
    else:
        answer.set_result(THREE)
    (message,) = app.posted
    assert isinstance(message, Say if failed else OpenPage)
    assert "no data yet" in message.text if failed else "of 100" in message.text
