"""The kept picture: the same again, or none at all."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from crashdesk.model.level import LevelState, Point, TrendLine
from crashdesk.recording.writer import RecordingWriter
from crashdesk.session.level_views import LevelChange
from crashdesk.session.liquidation_views import ProfileBin, SizeTotals
from crashdesk.session.picture_file import PictureFile
from crashdesk.session.views import DeskView
from tests.desk.sample_views import desk_view
from tests.recording.samples import START, quote, session


def _numbers(values: object) -> list[object]:
    return ["nan" if isinstance(v, float) and math.isnan(v) else v for v in values]  # type: ignore[attr-defined]


def _assert_same(one: DeskView, other: DeskView) -> None:
    assert one._replace(feed=other.feed, chart=other.chart) == other
    assert one.feed.rows == other.feed.rows[-len(one.feed.rows) :]
    assert one.feed.total == other.feed.total
    for name in one.chart._fields:
        a, b = getattr(one.chart, name), getattr(other.chart, name)
        assert (_numbers(a), a.typecode) == (_numbers(b), b.typecode) if hasattr(a, "typecode") else a == b


def test_a_picture_comes_back_the_same_private_and_with_its_types(tmp_path: Path) -> None:
    kept = PictureFile(tmp_path / "pictures" / "one.json")
    assert kept.load() is None
    view = desk_view()
    kept.save(view)
    loaded = kept.load()
    assert loaded is not None
    _assert_same(loaded, view)
    assert type(loaded.tickers[0]) is type(view.tickers[0])
    assert (tmp_path / "pictures" / "one.json").stat().st_mode & 0o077 == 0


def test_values_inside_of_values_keep_their_types(tmp_path: Path) -> None:
    view = desk_view()
    line = TrendLine(Point(1, 100.0), Point(2, 101.0))
    level = view.ladder.rows[0]._replace(trend=line, history=(LevelChange(LevelState.BREACHED, 5, over=False),))
    sizes = (SizeTotals(0, view.liquidations.windows[0].totals),)
    kept = PictureFile(tmp_path / "one.json")
    kept.save(
        view._replace(
            ladder=view.ladder._replace(rows=(level,)),
            profile=(ProfileBin(99.0, 100.0, 5, 6),),
            liquidations=view.liquidations._replace(by_size=sizes),
        )
    )
    loaded = kept.load()
    assert loaded is not None
    (row,) = loaded.ladder.rows
    assert (row.history[0].over, row.history[0].state) == (False, LevelState.BREACHED)
    assert row.trend is not None
    assert row.trend.price_at(3) == 102.0
    assert (loaded.profile[0].high, loaded.liquidations.by_size[0].least_usd) == (100.0, 0)
    assert loaded.feed.filter.least_usd == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '["x", 1]',
        "[" * 5000,
        '["v", ["DeskView"]]',
        '["v", ["open", "/etc/passwd"]]',
        "\x00\xff",
    ],
)
def test_an_odd_file_is_no_picture(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.json"
    PictureFile(path).save(desk_view())
    version = json.loads(path.read_text())[0]
    path.write_text(text.replace('"v"', json.dumps(version)))
    assert PictureFile(path).load() is None


def test_a_picture_of_other_classes_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    PictureFile(path).save(desk_view())
    version, packed = json.loads(path.read_text())
    path.write_text(json.dumps([version + ",more", packed]))
    assert PictureFile(path).load() is None


def test_a_picture_of_another_recording_is_not_used(tmp_path: Path) -> None:
    recording, view = tmp_path / "live.crash", desk_view()
    kept = PictureFile(tmp_path / "one.json", recording)
    kept.save(view)
    assert kept.load() is None, "there is no recording yet"
    writer = RecordingWriter.open(recording, session(), START, fsync=False)
    kept.save(view)
    writer.append([quote()], START + 5)
    writer.close(START + 9)
    assert kept.load() is not None, "it may grow"
    recording.unlink()
    assert kept.load() is None
    RecordingWriter.open(recording, session(), START + 1, fsync=False).close(START + 9)
    assert kept.load() is None


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    PictureFile(tmp_path / "file" / "one.json").save(desk_view())
    assert PictureFile(tmp_path / "file" / "one.json").load() is None
