"""How everything is drawn: colours, glyphs and the zone of the times; one frozen value that all panes share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.palette import Palette


@dataclass(frozen=True, slots=True)
class Look:
    """`zone_name` is what is printed beside times in `zone`."""

    palette: Palette
    glyphs: Glyphs
    zone: tzinfo
    zone_name: str
