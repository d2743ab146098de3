"""`python -m tests.golden.make`: the golden recording of the present format version. Never make an older one again."""

from __future__ import annotations

from pathlib import Path

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.content import make_brief
from crashdesk.recording.format import FORMAT_VERSION
from crashdesk.recording.reader import RecordingReader
from crashdesk.session.player import Player
from crashdesk.session.views import WeightMode
from tests.session import market_tape

FOLDER = Path(__file__).parent
AFTER_MS = 20 * 60_000
"""The brief is of this long after the start."""


def golden_brief(path: Path) -> str:
    """The JSON brief of a golden recording."""
    player = Player(RecordingReader.open(path), market_tape.BASKETS)
    player.seek(market_tape.START + AFTER_MS)
    return brief_json(make_brief(player.state, WeightMode.EQUAL))


def main() -> None:
    path = FOLDER / f"v{FORMAT_VERSION}.crash"
    if path.exists():
        raise SystemExit(f"{path} is there already: a golden recording stays as it was")
    market_tape.write(path, hours=0.6, seed=11)
    path.with_suffix(".json").write_text(golden_brief(path), encoding="utf-8")


if __name__ == "__main__":
    main()
