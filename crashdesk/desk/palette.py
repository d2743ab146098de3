"""A theme's colours as ready Rich styles: made once per theme, shared by every pane."""

from collections.abc import Mapping
from typing import NamedTuple

from rich.color import Color
from rich.style import Style

from crashdesk.config.colour import luminance
from crashdesk.model.level import LevelKind


class Palette(NamedTuple):
    """Styles on the panes' surface, those of the two bars on the panel colour, and overlays.

    `cursor` and `chosen` are laid over a finished line. `heat` goes from the worst loss to the best gain, text on its
    colour. `tiers` goes from the smallest liquidations to the largest.
    """

    blank: Style
    text: Style
    strong: Style
    muted: Style
    accent: Style
    warning: Style
    error: Style
    gain: Style
    loss: Style
    flash_gain: Style
    flash_loss: Style
    long: Style
    short: Style
    border: Style
    border_focus: Style
    title: Style
    title_focus: Style
    key: Style
    cursor: Style
    cursor_away: Style
    desktop: Style
    bar: Style
    bar_strong: Style
    bar_muted: Style
    bar_key: Style
    bar_gain: Style
    bar_loss: Style
    bar_ok: Style
    bar_stale: Style
    bar_down: Style
    chip_live: Style
    chip_replay: Style
    chip_label: Style
    heat: tuple[Style, ...]
    tiers: tuple[Style, ...]
    levels: Mapping[LevelKind, Style]
    series: Mapping[str, Style]

    def change(self, percent: float | None) -> Style:
        """How a change is coloured: gain, loss, or muted when it is unknown or none."""
        if percent is None or percent == 0:
            return self.muted
        return self.gain if percent > 0 else self.loss

    def heat_of(self, percent: float | None, scale: float) -> Style:
        """The tile colour of a change on a ramp that ends at +-`scale` percent; the middle when it is unknown."""
        middle = len(self.heat) // 2
        if percent is None or scale <= 0:
            return self.heat[middle]
        step = round(max(-1.0, min(1.0, percent / scale)) * middle)
        return self.heat[middle + step]


def rich_colour(colour: str) -> str:
    """Rich's name of a theme colour: `#rrggbb` as it is, `ansi_bright_red` without its first part."""
    return colour.removeprefix("ansi_")


def ink_on(colour: str) -> str:
    """What is easiest to read on `colour`: black or white; on a colour of the terminal's own, by its name."""
    if colour == "ansi_default":
        return "default"
    if not colour.startswith("#"):
        return "bright_white" if colour in _DARK_NAMES else "black"
    return "#000000" if luminance(colour) > _MIDDLE else "#ffffff"


def blend(first: str, second: str, share: float) -> str | None:
    """The colour that lies `share` (0 to 1) of the way from `first` to `second`; None unless both are #rrggbb."""
    if not (first.startswith("#") and second.startswith("#")):
        return None
    a, b = (Color.parse(colour).get_truecolor() for colour in (first, second))
    mixed = [round(x + (y - x) * share) for x, y in zip(a, b, strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


_DARK_NAMES = {"ansi_black", "ansi_bright_black", "ansi_blue", "ansi_red"}
_MIDDLE = 0.179
"""The luminance on which black and white have the same contrast."""
