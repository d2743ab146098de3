"""The characters that the desk draws with: one set for Unicode terminals, one of plain ASCII."""

from typing import NamedTuple

from rich.cells import cell_len


class Glyphs(NamedTuple):
    """One cell wide each, unless said otherwise. `spark` and `bar` go from least to most, `kinds` in the order of
    the kinds of levels."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    across: str
    down: str
    tee_left: str
    tee_right: str
    rule: str
    upper_half: str
    spark: str
    bar: str
    bar_other: str
    track_left: str
    track: str
    track_right: str
    track_at: str
    bookmark: str
    rise: str
    fall: str
    flat: str
    minus: str
    live: str
    playing: str
    paused: str
    note: str
    event: str
    cascade: str
    level: str
    alert: str
    gap: str
    crossed: str
    apart: str
    cursor: str
    dot: str
    ellipsis: str
    newer: str
    separator: str
    times: str
    dash: str
    between: str
    kinds: str


UNICODE = Glyphs(
    top_left="╭",
    top_right="╮",
    bottom_left="╰",
    bottom_right="╯",
    across="─",
    down="│",
    tee_left="├",
    tee_right="┤",
    rule="╌",
    upper_half="▀",
    spark="▁▂▃▄▅▆▇█",
    bar="▏▎▍▌▋▊▉█",
    bar_other="░",
    track_left="├",
    track="─",
    track_right="┤",
    track_at="●",
    bookmark="⚑",
    rise="▲",
    fall="▼",
    flat="·",
    minus="−",
    live="●",
    playing="▶",
    paused="‖",
    note="✎",
    event="◆",
    cascade="↯",
    level="▬",
    alert="♪",
    gap="░",
    crossed="✗",
    apart="≠",
    cursor="▶",
    dot="·",
    ellipsis="…",
    newer="▲",
    separator="▏",
    times="×",
    dash="–",
    between="·",
    kinds="┴┬▸✗─≈○",
)

ASCII = Glyphs(
    top_left="+",
    top_right="+",
    bottom_left="+",
    bottom_right="+",
    across="-",
    down="|",
    tee_left="+",
    tee_right="+",
    rule="-",
    upper_half=" ",
    spark="_.-:=+*#",
    bar=".....:##",
    bar_other="=",
    track_left="[",
    track="-",
    track_right="]",
    track_at="o",
    bookmark="B",
    rise="^",
    fall="v",
    flat=".",
    minus="-",
    live="*",
    playing=">",
    paused="=",
    note="n",
    event="o",
    cascade="!",
    level="=",
    alert="!",
    gap="?",
    crossed="x",
    apart="!",
    cursor=">",
    dot=".",
    ellipsis="~",
    newer="^",
    separator="|",
    times="x",
    dash="-",
    between="-",
    kinds="^v>x-~o",
)


def glyphs_for(*, plain_ascii: bool) -> Glyphs:
    """The set for a terminal that can (or can't) show Unicode."""
    return ASCII if plain_ascii else UNICODE


def to_ascii(text: str) -> str:
    """`text` in as many ASCII characters as it takes cells: plain twins where there are, else a `?` for each cell."""
    if text.isascii():
        return text
    plain = text.translate(_TWINS)
    return "".join(c if c.isascii() else "?" * cell_len(c) for c in plain)


_TWINS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "…": "~",
        "×": "x",
        "·": "-",
        "’": "'",
        "“": '"',
        "”": '"',
        "↑": "^",
        "↓": "v",
        "←": "<",
        "→": ">",
    }
)
