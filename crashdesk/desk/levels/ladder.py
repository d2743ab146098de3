"""Lines of the ladder."""

from typing import NamedTuple

from crashdesk.desk import figures
from crashdesk.desk.levels.words import brief_name, is_mine, level_name, level_price, state_choices
from crashdesk.desk.line import Line, width_of
from crashdesk.desk.look import Look
from crashdesk.desk.prices import compact_price
from crashdesk.model.level import LevelKind
from crashdesk.session.level_views import LadderView, LevelRow

MARK = 2
NAME_MIN = 14
OWN_MIN = 10
"""What is left at least of the name of an own level, whose label may be any length, before a figure goes."""
BRIEF_MIN = 7
DISTANCE = 7
ATR = 8
GAP = 2


_KINDS = tuple(LevelKind)


class Columns(NamedTuple):
    """Widths of the ladder's columns; 0 is a column that is left out."""

    price: int
    name: int
    distance: int
    atr: int
    sums: int
    state: int


def sums_words(row: LevelRow) -> str:
    """What was liquidated at a level: `$93.0M`, `$4.2M S` where more of it was short. Nothing where nothing was."""
    long, short = row.liquidated or (0, 0)
    if not long + short:
        return ""
    return f"{figures.usd_short(long + short)} {'L' if long >= short else 'S'}"


def atr_words(row: LevelRow) -> str:
    """How far a level is from the last price: `1.4 ATR`, from 100 on without a decimal; empty when it is unknown."""
    far = row.distance_atr
    return "" if far is None else f"{far:.1f} ATR" if far < 99.95 else f"{far:.0f} ATR"


def fit_columns(view: LadderView, width: int, now_ms: int, look: Look) -> Columns:
    """Widths for this ladder. When it is narrow the names' sources and days go first, then what was liquidated, the
    state's time, long labels of own levels and the ATR; names are cut before the state goes, last the distance.
    """
    price = max((len(level_price(row, view.price_decimals)) for row in view.rows), default=0)
    if view.last is not None:
        price = max(price, len(compact_price(view.last, view.price_decimals)))
    names = max((width_of(level_name(row)) for row in view.rows), default=0)
    states = [[len(words) for words in state_choices(row, now_ms, look.zone)] for row in view.rows] or [[0, 0, 0]]
    full, middle, short = (max(column) for column in zip(*states, strict=True))
    atr = ATR if view.atr else 0
    sums = max((len(sums_words(row)) for row in view.rows), default=0)
    room = width - MARK - price - GAP
    briefs = [(width_of(brief_name(row)), is_mine(row)) for row in view.rows]
    brief = max((size for size, _ in briefs), default=0)
    long, least = min(brief, NAME_MIN), min(brief, BRIEF_MIN)
    cut = min(long, max((min(size, OWN_MIN) if mine else size for size, mine in briefs), default=0))
    for wanted, *kept in (
        (long, DISTANCE, atr, sums, full),
        (long, DISTANCE, atr, sums, middle),
        (long, DISTANCE, atr, 0, full),
        (long, DISTANCE, atr, 0, middle),
        (long, DISTANCE, atr, 0, short),
        (cut, DISTANCE, atr, 0, short),
        (long, DISTANCE, 0, 0, short),
        (least, DISTANCE, 0, 0, short),
        (least, DISTANCE, 0, 0, 0),
    ):
        name = room - sum(size + GAP for size in kept if size)
        if name >= wanted:
            return Columns(price, min(name, names), *kept)
    return Columns(price, max(0, min(room, names)), 0, 0, 0, 0)


def ladder_line(row: LevelRow, view: LadderView, columns: Columns, width: int, now_ms: int, look: Look) -> Line:
    """One level."""
    palette, glyphs = look.palette, look.glyphs
    line = Line(width)
    colour = palette.levels[row.kind]
    line.put(f"{glyphs.kinds[_KINDS.index(row.kind)]} "[:MARK], colour)
    line.right(level_price(row, view.price_decimals), columns.price, colour)
    line.put((glyphs.alert if row.alert else "").ljust(GAP), palette.accent)
    name = level_name(row)
    name = name if width_of(name) <= columns.name else brief_name(row)
    line.left(name, columns.name, palette.strong if is_mine(row) else palette.text, glyphs.ellipsis)
    if columns.distance:
        line.space(GAP, palette.blank)
        line.right(figures.percent(row.distance_pct, glyphs), columns.distance, palette.change(row.distance_pct))
    if columns.atr:
        line.space(GAP, palette.blank)
        line.right(atr_words(row), columns.atr, palette.muted)
    if columns.sums:
        line.space(GAP, palette.blank)
        long, short = row.liquidated or (0, 0)
        line.right(sums_words(row), columns.sums, palette.long if long >= short else palette.short)
    if columns.state:
        line.space(GAP, palette.blank)
        alert = row.state is not None and row.state != "untouched"
        choices = state_choices(row, now_ms, look.zone)
        shown = next((words for words in choices if len(words) <= columns.state), "")
        line.put(shown, palette.warning if alert else palette.muted)
    return line


def last_line(view: LadderView, columns: Columns, width: int, look: Look) -> Line:
    """The row of the last price between the levels."""
    palette, glyphs = look.palette, look.glyphs
    line = Line(width)
    line.put(f"{glyphs.cursor} "[:MARK], palette.accent)
    line.right(compact_price(view.last or 0.0, view.price_decimals), columns.price, palette.strong)
    line.space(GAP, palette.blank)
    line.put("last", palette.accent)
    if view.atr is not None:
        atr = f"ATR {compact_price(view.atr, view.price_decimals)} "
        line.put(" ", palette.blank)
        line.put(glyphs.rule * max(0, line.room - len(atr) - 1), palette.border)
        line.put(f" {atr}", palette.muted)
    else:
        line.put(" ", palette.blank)
        line.put(glyphs.rule * line.room, palette.border)
    return line
