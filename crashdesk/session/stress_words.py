"""The stress gauge in words, for the desk's page and the brief."""

from __future__ import annotations

from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.stress_views import FEWEST_PARTS, SCALES, STEP_MS, PartKind, StressPart, StressView

UNKNOWN = "—"
MEANING = (
    "The mean of the parts' scores by their weights; each score goes from 0 to 100 on a fixed scale of our own. A part "
    "that is not known is left out with its weight. There is no standard, and it tells nothing of what comes."
)
PAST = (
    "The percentile is the share of the past values of the last 24 hours, five minutes apart, that were lower, over as "
    "much of them as was recorded. Of funding only the newest rates are kept."
)


def head(view: StressView) -> str:
    """`Stress 63 of 100, from 4 of 6 parts.`"""
    parts = f"{view.known} of {len(view.parts)} parts"
    if view.value is None:
        return f"Stress is not known: {parts} are, {FEWEST_PARTS} are needed."
    return f"Stress {view.value} of 100, from {parts}."


def sentence(view: StressView) -> str:
    """The gauge with its known parts: score, value, and percentile, in one sentence."""
    said = []
    for part in view.parts:
        if part.score is not None:
            past = "" if part.percentile is None else f", percentile {percentile_words(part)}"
            said.append(f"{part.kind.value} {score_words(part)} ({value_words(part.kind, part.value)}{past})")
    return f"{head(view)[:-1]}: {'; '.join(said)}." if said else head(view)


def value_words(kind: PartKind, value: float | None) -> str:
    """A part's value with its unit: `70 %`, `0.24 ATR`, `7.9×`, `0.013 %`."""
    if value is None:
        return UNKNOWN
    match kind:
        case PartKind.BREADTH | PartKind.SIDE:
            return f"{value * 100:.0f} %"
        case PartKind.MOVE:
            return f"{value:.2f} ATR"
        case PartKind.RATE:
            return f"{value:.1f}×"
        case PartKind.FUNDING:
            return f"{value * 100:.3f} %"
        case PartKind.DISLOCATION:
            return f"{value:.2f} %"


def scale_words(kind: PartKind) -> str:
    """`0 at 0 %, 100 at 80 %`."""
    scale = SCALES[kind]
    by = ", by its logarithm" if scale.log else ""
    return f"0 at {value_words(kind, scale.calm)}, 100 at {value_words(kind, scale.full)}{by}"


def score_words(part: StressPart) -> str:
    """`88`."""
    return UNKNOWN if part.score is None else f"{part.score:.0f}"


def percentile_words(part: StressPart) -> str:
    """`93 over 23.0 h`: the percentile, and how much of the past it is over."""
    return UNKNOWN if part.percentile is None else f"{part.percentile:.0f} over {part.spans * STEP_MS / HOUR_MS:.1f} h"


def rows(view: StressView) -> tuple[tuple[str, ...], ...]:
    """Of each part: name, weight, score, value, percentile, scale."""
    return tuple(
        (
            part.kind.value,
            str(SCALES[part.kind].weight),
            score_words(part),
            value_words(part.kind, part.value),
            percentile_words(part),
            scale_words(part.kind),
        )
        for part in view.parts
    )


HEAD = ("part", "weight", "score", "value", "percentile", "scale")
