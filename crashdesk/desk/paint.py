"""From a theme to a palette and to Textual's own theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from rich.style import Style

from crashdesk.config.colour import contrast
from crashdesk.config.theme import Theme
from crashdesk.config.theme_file import READABLE
from crashdesk.desk.palette import Palette, blend, ink_on, rich_colour
from crashdesk.model.level import LevelKind

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme

SERIES = ("price", "sma200", "sma50", "ema200", "grid")


def make_palette(theme: Theme) -> Palette:
    """All styles of `theme`; where gains look like text, only weight, dimness, underlines and reverse are used."""
    return _plain() if theme.market.gain == theme.market.loss == theme.base.text else _coloured(theme)


def textual_theme(theme: Theme) -> TextualTheme:
    """The same colours for Textual's own widgets (toasts, screens over the desk)."""
    from textual.theme import Theme as TextualTheme

    base = theme.base
    return TextualTheme(
        name=theme.id,
        primary=base.focus,
        secondary=base.border,
        accent=base.accent,
        warning=base.warning,
        error=base.error,
        success=theme.status.ok,
        foreground=base.text,
        background=base.background,
        surface=base.surface,
        panel=base.panel,
        dark=theme.dark,
        # else the terminal's own colours would be replaced by some of Textual's
        ansi=any(not colour.startswith("#") for colour in theme.colours()),
        variables={"ansi-background": base.panel, "ansi-foreground": base.text},
    )


def _ink(colour: str, ground: str, *, bold: bool = False) -> Style:
    return Style(color=rich_colour(colour), bgcolor=rich_colour(ground), bold=bold)


def _soft(colour: str, text: str, ground: str) -> Style:
    """What stands back: dim where it has no colour of its own."""
    return Style(color=rich_colour(colour), bgcolor=rich_colour(ground), dim=colour == text or None)


def _cursor(theme: Theme) -> Style:
    """Laid over a line: a ground under its colours, as strong as they bear; the whole line turned round where grounds
    can't be mixed.
    """
    base, market = theme.base, theme.market
    grounds = [blend(base.surface, base.focus, share / 100) for share in (28, 22, 16, 10)]
    if grounds[0] is None:
        return Style(color="default", bgcolor="default", dim=False, bold=True, reverse=True)
    on_it = (base.text, base.muted, market.gain, market.loss)
    readable = (ground for ground in grounds if ground and all(_is_read(colour, ground) for colour in on_it))
    return Style(bgcolor=next(readable, grounds[-1]), bold=True)


def _is_read(colour: str, ground: str) -> bool:
    ratio = contrast(colour, ground)
    return ratio is None or ratio >= READABLE


def _chip(colour: str) -> Style:
    return _ink(ink_on(colour), colour, bold=True)


def _coloured(theme: Theme) -> Palette:
    base, market = theme.base, theme.market
    surface, panel = base.surface, base.panel
    return Palette(
        blank=_ink(base.text, surface),
        text=_ink(base.text, surface),
        strong=_ink(base.text, surface, bold=True),
        muted=_soft(base.muted, base.text, surface),
        accent=_ink(base.accent, surface),
        warning=_ink(base.warning, surface),
        error=_ink(base.error, surface, bold=True),
        gain=_ink(market.gain, surface),
        loss=_ink(market.loss, surface),
        flash_gain=_ink(ink_on(market.gain), market.gain),
        flash_loss=_ink(ink_on(market.loss), market.loss),
        long=_ink(market.long, surface),
        short=_ink(market.short, surface),
        border=_soft(base.border, base.text, surface),
        border_focus=_ink(base.focus, surface),
        title=_ink(base.text, surface, bold=True),
        title_focus=_ink(base.focus, surface, bold=True),
        key=_ink(base.accent, surface, bold=True),
        cursor=_cursor(theme),
        cursor_away=Style(bgcolor=rich_colour(panel)) if panel != surface else Style(underline=True),
        desktop=_ink(base.text, base.background),
        **_bars(theme),
        heat=tuple(_ink(ink_on(colour), colour) for colour in market.heat),
        tiers=tuple(_ink(colour, surface, bold=place > 2) for place, colour in enumerate(market.sizes)),
        levels={kind: _ink(getattr(theme.levels, kind.value), surface) for kind in LevelKind}
        | {LevelKind.ROUND: _soft(theme.levels.round, base.text, surface)},
        series={name: _ink(getattr(theme.chart, name), surface) for name in SERIES}
        | {"grid": _soft(theme.chart.grid, base.text, surface)},
    )


def _plain() -> Palette:
    text, bold, dim = Style(), Style(bold=True), Style(dim=True)
    reverse, loud, under = Style(reverse=True), Style(reverse=True, bold=True), Style(underline=True)
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
        cursor=Style(reverse=True, dim=False),
        cursor_away=under,
        desktop=text,
        **_plain_bars(),
        heat=(loud, reverse, text, text, text, under, under + bold),
        tiers=(dim, text, bold, loud),
        levels=dict.fromkeys(LevelKind, text),
        series=dict.fromkeys(SERIES, text),
    )


class _Bars(TypedDict):
    """The styles of the two bars."""

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


def _bars(theme: Theme) -> _Bars:
    base, market, status = theme.base, theme.market, theme.status
    panel = base.panel
    return _Bars(
        bar=_ink(base.text, panel),
        bar_strong=_ink(base.text, panel, bold=True),
        bar_muted=_soft(base.muted, base.text, panel),
        bar_key=_ink(base.accent, panel, bold=True),
        bar_gain=_ink(market.gain, panel, bold=True),
        bar_loss=_ink(market.loss, panel, bold=True),
        bar_ok=_ink(status.ok, panel),
        bar_stale=_ink(status.stale, panel),
        bar_down=_ink(status.down, panel, bold=True),
        chip_live=_chip(status.ok),
        chip_replay=_chip(status.replay),
        chip_label=_chip(status.reconstruction),
    )


def _plain_bars() -> _Bars:
    text, bold, dim, loud = Style(), Style(bold=True), Style(dim=True), Style(reverse=True, bold=True)
    return _Bars(
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
    )
