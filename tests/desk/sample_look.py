"""One fixed look for tests: the colours of a dark desk, Unicode glyphs, UTC."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace
from typing import Any

from crashdesk.desk.glyphs import glyphs_for
from crashdesk.desk.look import Look
from crashdesk.desk.paint import make_palette

THEME: Any = SimpleNamespace(
    name="sample",
    background="#0b0f16",
    surface="#10151f",
    panel="#1a2230",
    border="#2f3b50",
    focus="#5ab0ff",
    text="#d5dbe6",
    muted="#74819a",
    accent="#e5b567",
    warning="#e5b567",
    error="#ff6b6b",
    gain="#3fc48d",
    loss="#f0616d",
    heat=("#7d1f2a", "#6a2630", "#4d2a32", "#2a303c", "#24433a", "#1f5a45", "#1b7351"),
    long="#f0616d",
    short="#3fc48d",
    size_tiers=("#74819a", "#d5dbe6", "#e5b567", "#ff9e3d"),
    levels={
        "support": "#3fc48d",
        "resistance": "#f0616d",
        "target": "#5ab0ff",
        "stop": "#ff6b6b",
        "line": "#e5b567",
        "average": "#b98cff",
        "round": "#74819a",
    },
    series={
        "price": "#d5dbe6",
        "sma200": "#b98cff",
        "sma50": "#5ab0ff",
        "ema200": "#e5b567",
        "grid": "#2f3b50",
        "volume": "#4a5870",
    },
    status={"ok": "#3fc48d", "stale": "#e5b567", "down": "#ff6b6b", "replay": "#5ab0ff", "reconstruction": "#e5b567"},
    dark=True,
)


def sample_look(*, plain_ascii: bool = False, colour: bool = True) -> Look:
    return Look(make_palette(THEME, colour=colour), glyphs_for(plain_ascii=plain_ascii), UTC, "UTC")
