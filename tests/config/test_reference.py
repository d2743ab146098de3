"""The documents that are made of the code match it, and every key of config.toml has its words."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from crashdesk.config.alert_settings import OWN_KEYS, AlertKind, usual
from crashdesk.config.init_text import init_text
from crashdesk.config.key_words import TABLES, WORDS
from crashdesk.config.reference import config_markdown
from crashdesk.config.settings import DeskSettings, RecordingSettings, VenueSettings
from crashdesk.config.taken import taken_keys

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["README.md", "docs/config.md", "docs/keys.md", "docs/themes.md"])
def test_the_documents_are_as_the_code_makes_them(name: str) -> None:
    script = _script()
    text = (ROOT / name).read_text(encoding="utf-8")
    assert script.generated(text, script.PARTS[name]) == text, "run: make docs"
    assert len(re.findall(r"<!-- /\w+ -->", text)) >= len(script.PARTS[name])


def test_a_mark_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="<!-- config -->"):
        _script().generated("no mark", {"config": str})


def test_every_key_that_the_loader_takes_has_words_and_no_other_has() -> None:
    assert {key.dotted for key in taken_keys()} == set(WORDS), "say what it does in crashdesk/config/key_words.py"
    assert {key.table for key in taken_keys()} <= set(TABLES)


def test_the_loader_is_seen_whole() -> None:
    taken = {(key.table, key.variant, key.name): key for key in taken_keys()}

    def names(table: str) -> set[str]:
        return {name for place, _, name in taken if place == table}

    assert names("venues.NAME") == set(VenueSettings._fields) - {"name"}
    assert names("desk") == set(DeskSettings._fields)
    assert names("recording") == set(RecordingSettings._fields)
    for kind in AlertKind:
        for key in OWN_KEYS[kind]:
            assert taken["alerts.NAME", kind.value, key].default == getattr(usual(kind), key)


def test_the_first_config_has_every_key() -> None:
    text = init_text()
    for key in taken_keys():
        assert re.search(rf"\b{key.name}\b", text), key.dotted


def test_rows_of_the_reference() -> None:
    text = config_markdown()
    assert "| `poll_seconds` | number: 0.1 to 3,600 | s | `5` | how often prices are asked for |" in text
    assert '| `window` | length: whole minutes, `1m` to `1h` |  | `"5m"` | the time that is looked at |' in text
    assert "`10_000_000`; `50_000_000` (rate)" in text
    assert "| `file` | file |  | must be there |" in text
