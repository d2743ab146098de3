"""How everything is drawn: colours, glyphs and the zone of the times; one frozen value that all panes share."""

from datetime import tzinfo
from typing import NamedTuple

from crashdesk.desk.glyphs import Glyphs
from crashdesk.desk.palette import Palette


class Look(NamedTuple):
    """`zone_name` is what is printed beside times in `zone`."""

    palette: Palette
    glyphs: Glyphs
    zone: tzinfo
    zone_name: str
