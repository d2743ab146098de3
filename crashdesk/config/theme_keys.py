"""What every key of a theme colours, in the order of the file: source of the reference and of new files' comments."""

from __future__ import annotations

from typing import NamedTuple


class ThemeKey(NamedTuple):
    """A key of a table of a theme; `many` says of a list how long it may be and in which order it goes."""

    group: str
    name: str
    colours: str
    many: str = ""

    @property
    def dotted(self) -> str:
        """As a problem names it."""
        return f"{self.group}.{self.name}"


GROUPS = {
    "base": "The frame: grounds from back to front, lines, words.",
    "market": "What the market does. Direction has a sign and a glyph too; these colours are used for nothing else.",
    "levels": "One colour for each kind of level.",
    "chart": "Series of the chart. Candles and their volume are drawn in gain and loss.",
    "status": "States of the feeds, and what is shown, in the status line.",
}


def _keys(group: str, *rows: tuple[str, ...]) -> tuple[ThemeKey, ...]:
    return tuple(ThemeKey(group, *row) for row in rows)


THEME_KEYS = (
    *_keys(
        "base",
        ("background", "behind and between the panes"),
        ("surface", "the ground of the panes"),
        ("panel", "the ground of the status line, the scrubber and the bottom line"),
        ("border", "frames of the panes, axes of the chart"),
        ("focus", "frame and title of the focused pane, the ground under its cursor"),
        ("text", "words and figures"),
        ("muted", "what stands back: heads, units, ages, quiet words"),
        ("accent", "keys, the chosen, the trader's notes"),
        ("warning", "what needs a look: levels touched, input that can't be used"),
        ("error", "what went wrong; cascades on the chart and the timeline"),
    ),
    *_keys(
        "market",
        ("gain", "prices and candles that rise"),
        ("loss", "prices and candles that fall"),
        ("long", "liquidated longs"),
        ("short", "liquidated shorts"),
        (
            "heat",
            "grounds of the sector tiles",
            "5 or more, an odd number: worst loss, no change, best gain",
        ),
        ("sizes", "dollars of a liquidation: under 10k, 100k, 1M, 10M, and above", "4 or 5, smallest first"),
    ),
    *_keys(
        "levels",
        ("support", "supports"),
        ("resistance", "resistances"),
        ("target", "targets"),
        ("stop", "stops"),
        ("line", "plain lines and trend lines"),
        ("average", "averages on the ladder"),
        ("round", "round numbers"),
    ),
    *_keys(
        "chart",
        ("price", "the line of prices"),
        ("sma200", "the 200-day average"),
        ("sma50", "the 50-day average"),
        ("ema200", "the exponential 200-day average"),
        ("grid", "the faint grid"),
    ),
    *_keys(
        "status",
        ("ok", "a feed that is young; the chip LIVE"),
        ("stale", "a feed that is late or starting"),
        ("down", "a feed that is lost or out of reach"),
        ("replay", "the chip REPLAY"),
        ("reconstruction", "the chip RECONSTRUCTION"),
    ),
)
