"""From a theme to a palette and to Textual's own theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from crashdesk.desk.palette import Palette, blend, ink_on
from crashdesk.model.level import LevelKind

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme

    from crashdesk.config.themes import Theme

SERIES = ("price", "sma200", "sma50", "ema200", "grid", "volume")
HEAT_STEPS = 7
TIERS = 4


def make_palette(theme: Theme, *, colour: bool = True) -> Palette:
    """All styles of `theme`; without `colour` only weight, dimness and reverse are used (NO_COLOR)."""
    return _coloured(theme) if colour else _plain()


def textual_theme(theme: Theme) -> TextualTheme:
    """The same colours for Textual's own widgets (inputs, toasts, palette, modal screens)."""
    from textual.theme import Theme as TextualTheme

    return TextualTheme(
        name=theme.name,
        primary=theme.focus,
        secondary=theme.border,
        accent=theme.accent,
        warning=theme.warning,
        error=theme.error,
        success=theme.status["ok"],
        foreground=theme.text,
        background=theme.background,
        surface=theme.surface,
        panel=theme.panel,
        dark=theme.dark,
    )


def _coloured(theme: Theme) -> Palette:
    surface, panel = theme.surface, theme.panel

    def on(colour: str, back: str = surface, *, bold: bool = False) -> Style:
        return Style(color=colour, bgcolor=back, bold=bold)

    status = theme.status
    return Palette(
        blank=on(theme.text),
        text=on(theme.text),
        strong=on(theme.text, bold=True),
        muted=on(theme.muted),
        accent=on(theme.accent),
        warning=on(theme.warning),
        error=on(theme.error, bold=True),
        gain=on(theme.gain),
        loss=on(theme.loss),
        flash_gain=on(ink_on(theme.gain), theme.gain),
        flash_loss=on(ink_on(theme.loss), theme.loss),
        long=on(theme.long),
        short=on(theme.short),
        border=on(theme.border),
        border_focus=on(theme.focus),
        title=on(theme.text, bold=True),
        title_focus=on(theme.focus, bold=True),
        key=on(theme.accent, bold=True),
        cursor=Style(bgcolor=blend(surface, theme.focus, 0.28), bold=True),
        cursor_away=Style(bgcolor=panel),
        desktop=on(theme.text, theme.background),
        bar=on(theme.text, panel),
        bar_strong=on(theme.text, panel, bold=True),
        bar_muted=on(theme.muted, panel),
        bar_key=on(theme.accent, panel, bold=True),
        bar_gain=on(theme.gain, panel, bold=True),
        bar_loss=on(theme.loss, panel, bold=True),
        bar_ok=on(status["ok"], panel),
        bar_stale=on(status["stale"], panel),
        bar_down=on(status["down"], panel, bold=True),
        chip_live=on(ink_on(status["ok"]), status["ok"], bold=True),
        chip_replay=on(ink_on(status["replay"]), status["replay"], bold=True),
        chip_label=on(ink_on(status["reconstruction"]), status["reconstruction"], bold=True),
        heat=tuple(on(ink_on(colour), colour) for colour in theme.heat),
        tiers=tuple(
            on(colour, bold=place == len(theme.size_tiers) - 1) for place, colour in enumerate(theme.size_tiers)
        ),
        levels={kind: on(theme.levels[kind]) for kind in LevelKind},
        series={name: on(theme.series[name]) for name in SERIES},
    )


def _plain() -> Palette:
    text, bold, dim = Style(), Style(bold=True), Style(dim=True)
    reverse, loud = Style(reverse=True), Style(reverse=True, bold=True)
    return Palette(
        blank=text,
        text=text,
        strong=bold,
        muted=dim,
        accent=bold,
        warning=bold,
        error=bold,
        gain=text,
        loss=text,
        flash_gain=bold,
        flash_loss=bold,
        long=text,
        short=text,
        border=dim,
        border_focus=bold,
        title=bold,
        title_focus=loud,
        key=bold,
        cursor=reverse,
        cursor_away=Style(underline=True),
        desktop=text,
        bar=text,
        bar_strong=bold,
        bar_muted=dim,
        bar_key=bold,
        bar_gain=bold,
        bar_loss=bold,
        bar_ok=text,
        bar_stale=dim,
        bar_down=bold,
        chip_live=loud,
        chip_replay=loud,
        chip_label=loud,
        heat=(Style(reverse=True, bold=True), reverse, text, text, text, text, bold),
        tiers=(dim, text, bold, loud),
        levels=dict.fromkeys(LevelKind, text),
        series=dict.fromkeys(SERIES, text),
    )
