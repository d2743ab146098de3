"""The status line: mode and time, how bad it is, how old the figures are, and why nothing moves."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from crashdesk.brief.coverage import window_name
from crashdesk.desk import figures
from crashdesk.desk.cells import BarCell, Form, fit_cells
from crashdesk.desk.line import Line, clip
from crashdesk.desk.line_pane import LineWidget
from crashdesk.desk.liquidations.seen import is_seen, seen_ms
from crashdesk.desk.look import Look
from crashdesk.desk.stalled import stalled
from crashdesk.desk.venue_cells import venue_cells
from crashdesk.model.recorder import PAUSED, RecorderState
from crashdesk.session.stress_views import HIGH, RAISED, StressView
from crashdesk.session.views import DeskView, Mode, StatusView, TransportView


class StatusBar(LineWidget):
    """One line of cells; what does not fit is left out whole."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, id="status")
        self._view: DeskView | None = None
        self._now_ms: int | None = None
        self._worker: RecorderState | None = None
        self._muted = False
        self._drawn: tuple[tuple[object, ...], Strip] | None = None
        self.read_only = False

    def show(self, view: DeskView) -> None:
        """Take a new picture."""
        self._view = view
        self.redraw()

    def tick(self, now_ms: int) -> None:
        """The desk's clock went on (live): times and ages follow it."""
        self._now_ms = now_ms
        self.redraw()

    def worker(self, state: RecorderState) -> None:
        """What is said of the worker."""
        self._worker = state
        self.redraw()

    def mute(self, *, on: bool) -> None:
        """Whether alerts are muted."""
        self._muted = on
        self.redraw()

    def lines(self, width: int, height: int) -> list[Strip]:
        """The line; the very same one while its cells say the same."""
        cells = self._cells()
        made_of = (cells, width, self.look)
        if self._drawn is None or self._drawn[0] != made_of:
            self._drawn = (made_of, self._line(cells, width))
        return [self._drawn[1]] * height

    def _line(self, cells: Sequence[BarCell], width: int) -> Strip:
        palette, line = self.look.palette, Line(width)
        line.space(1, palette.bar)
        between = ((" ", palette.bar), (self.look.glyphs.separator, palette.bar_muted))
        for place, form in enumerate(fit_cells(cells, width - 2, 2)):
            if place:
                line.pieces(between)
            line.pieces(form)
        return line.strip(palette.bar)

    def _cells(self) -> list[BarCell]:
        palette, view = self.look.palette, self._view
        worker = self._worker_cell()
        if view is None:
            starting: Form = (("crashdesk", palette.bar_strong), (" starting", palette.bar_muted))
            return [BarCell(0, (starting,)), *self._lock_cell(), *worker]
        now_ms = view.now_ms
        if view.transport.mode is Mode.LIVE and self._now_ms is not None:
            now_ms = max(now_ms, self._now_ms)
        return [
            BarCell(9, ((("crashdesk", palette.bar_strong),),)),
            BarCell(0, _mode_forms(view.transport, self.look)),
            *self._lock_cell(),
            BarCell(0, _time_forms(now_ms, self.look)),
            *_range_cells(view.transport, self.look),
            *_label_cells(view.status, self.look),
            *_waiting_cells(view, now_ms, self.look),
            *self._stalled_cell(view, now_ms),
            *_market_cells(view, self.look),
            *self._alert_cell(len(view.alerts)),
            *worker,
            *venue_cells(view, now_ms, self.look),
        ]

    def _lock_cell(self) -> list[BarCell]:
        return [BarCell(0, (((" READ-ONLY ", self.look.palette.chip_label),),))] if self.read_only else []

    def _alert_cell(self, count: int) -> list[BarCell]:
        """How many alerts there were in the last 24 h, and that they are muted."""
        palette = self.look.palette
        if not (count or self._muted):
            return []
        number: Form = ((" ", palette.bar), (f"{count}", palette.bar_down)) if count else ()
        muted: Form = ((" muted", palette.bar_stale),) if self._muted else ()
        return [BarCell(5, ((("alerts", palette.bar_muted), *number, *muted),))]

    def _stalled_cell(self, view: DeskView, now_ms: int) -> list[BarCell]:
        """Since when all prices have been standing, and why."""
        palette, ellipsis = self.look.palette, self.look.glyphs.ellipsis
        words = stalled(view, now_ms, self._worker, self.look)
        return [BarCell(1, tuple(((clip(text, 90, ellipsis), palette.bar_stale),) for text in words))] if words else []

    def _worker_cell(self) -> list[BarCell]:
        """The recorder; that it does not record keeps its place before the market."""
        state, palette, ellipsis = self._worker, self.look.palette, self.look.glyphs.ellipsis
        if state is None:
            return []
        words = state.words if state.words.startswith(PAUSED) else f"worker {state.words}"
        style, rank = (palette.bar, 6) if state.well else (palette.bar_down, 1)
        texts = [*(clip(words, width, ellipsis) for width in (80, 60)), clip(words.partition(",")[0], 30, ellipsis)]
        return [BarCell(rank, tuple(((text, style),) for text in texts))]


def _mode_forms(transport: TransportView, look: Look) -> tuple[Form, ...]:
    palette, glyphs = look.palette, look.glyphs
    if transport.mode is Mode.LIVE:
        return (((f" {glyphs.live} LIVE ", palette.chip_live),),)
    pace = figures.speed(transport.speed, glyphs)
    if transport.ended:
        return (((f" {glyphs.paused} REPLAY end ", palette.chip_replay),),)
    sign = glyphs.playing if transport.playing else glyphs.paused
    state = pace if transport.playing else f"paused {pace}"
    return (((f" {sign} REPLAY {state} ", palette.chip_replay),), ((f" {sign} REPLAY ", palette.chip_replay),))


def _time_forms(now_ms: int, look: Look) -> tuple[Form, ...]:
    palette, zone = look.palette, look.zone
    clock = f"{figures.clock(now_ms, zone)} {look.zone_name}"
    return (
        ((f"{figures.date(now_ms, zone)} {clock}", palette.bar_strong),),
        ((f"{figures.month_day(now_ms, zone)} {clock}", palette.bar_strong),),
    )


def _range_cells(transport: TransportView, look: Look) -> list[BarCell]:
    """The loop, and that stretches without data are skipped."""
    cells: list[BarCell] = []
    if transport.loop is not None:
        start, end = (figures.hour_minute(ms, look.zone) for ms in transport.loop)
        cells.append(BarCell(1, (((f"loop {start}-{end}", look.palette.bar_key),), (("loop", look.palette.bar_key),))))
    if transport.skip_ms is not None:
        cells.append(BarCell(4, ((("skip on", look.palette.bar_muted),),)))
    return cells


def _label_cells(status: StatusView, look: Look) -> list[BarCell]:
    if not status.label:
        return []
    cells = [BarCell(0, (((f" {status.label} ", look.palette.chip_label),),))]
    if status.title:
        cells.append(BarCell(8, (((status.title, look.palette.bar_muted),),)))
    return cells


def _waiting_cells(view: DeskView, now_ms: int, look: Look) -> list[BarCell]:
    words = view.status.waiting
    if not words:
        return []
    if view.status.kept:
        words = f"picture {figures.age(now_ms - view.now_ms)} old, {words}"
    reason = words.partition(": ")[2].partition(" (")[0]
    short = f"waiting: {reason}" if reason else words
    widths = ((words, 70), (words, 40), (short, 40 if reason else 24))
    forms = [((clip(text, width, look.glyphs.ellipsis), look.palette.bar_stale),) for text, width in widths]
    return [BarCell(1, tuple(forms))]


def _market_cells(view: DeskView, look: Look) -> list[BarCell]:
    palette, glyphs, status = look.palette, look.glyphs, view.status
    cells: list[BarCell] = []
    breadth = status.breadth
    if breadth.members_used:
        falling = f"{breadth.falling}/{breadth.members_used}"
        style = palette.bar_loss if 2 * breadth.falling > breadth.members_used else palette.bar_gain
        cells.append(BarCell(2, ((("falling ", palette.bar_muted), (falling, style)),)))
    day = next((window for window in view.liquidations.windows if window.name == "24h"), None)
    if day is not None:
        seen = is_seen(view.liquidations)
        sums = figures.usd_short(day.totals.total) if seen else glyphs.dot
        name_shown = window_name(day, seen_ms(view)) if seen else day.name
        total: Form = ((f"liq {name_shown} ", palette.bar_muted), (sums, palette.bar_strong))
        part = figures.share(day.totals.long, day.totals.total) if seen else ""
        long: Form = (*total, (f" {part} long", palette.bar_loss)) if part else total
        cells.append(BarCell(3, (long, total)))
    if status.headline is not None:
        change = status.headline.change_24h_pct
        style = palette.bar_muted if change is None else palette.bar_gain if change > 0 else palette.bar_loss
        name: Form = ((f"{status.headline.base} ", palette.bar_muted), (figures.percent(change, glyphs), style))
        cells.append(BarCell(5, (name,)))
    return cells + _stress_cell(view.stress, look)


def _stress_cell(stress: StressView, look: Look) -> list[BarCell]:
    """`stress 63 (4/6)`: the number, and of how many parts when some are not known; short: `stress 63 4/6`."""
    palette = look.palette
    if stress.value is None:
        return []
    style = palette.bar_loss if stress.value >= HIGH else palette.bar_stale if stress.value >= RAISED else palette.bar
    number: Form = (("stress ", palette.bar_muted), (f"{stress.value}", style))
    if stress.known == len(stress.parts):
        return [BarCell(4, (number,))]
    of = f"{stress.known}/{len(stress.parts)}"
    return [BarCell(4, tuple((*number, (words, palette.bar_muted)) for words in (f" ({of})", f" {of}")))]
