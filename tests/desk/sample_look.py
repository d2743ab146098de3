"""One fixed look for tests: the default theme, Unicode glyphs, UTC."""

from __future__ import annotations

from datetime import UTC

from crashdesk.config.theme import MONO
from crashdesk.config.themes import Themes
from crashdesk.desk.glyphs import glyphs_for
from crashdesk.desk.look import Look
from crashdesk.desk.paint import make_palette


def sample_look(*, theme: str = "midnight", plain_ascii: bool = False, colour: bool = True) -> Look:
    worn = Themes()[theme] if colour else MONO
    return Look(make_palette(worn), glyphs_for(plain_ascii=plain_ascii), UTC, "UTC")
