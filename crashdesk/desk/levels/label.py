"""Kind, label and alert of a level as one line that is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crashdesk.config.near import did_you_mean
from crashdesk.model.level import Level, LevelKind
from crashdesk.model.text import clean

LABEL_LIMIT = 40
KINDS = (LevelKind.SUPPORT, LevelKind.RESISTANCE, LevelKind.TARGET, LevelKind.STOP, LevelKind.LINE)
"""What a line may begin with."""
ALERT = "alert="


class LabelWords(NamedTuple):
    """What was typed. `alert` is the name of an alert in config.toml, empty for none."""

    kind: LevelKind
    label: str
    alert: str


def read_label(text: str, alerts: Sequence[str] = ()) -> LabelWords:
    """`stop under the low alert=loud` is a stop with that alert; without a kind's name it is a plain line.

    The label is cleaned and cut to `LABEL_LIMIT`. Raises ValueError with one sentence when none of `alerts` has the
    name.
    """
    words = text.split()
    named = [word.removeprefix(ALERT) for word in words if word.startswith(ALERT)]
    words = [word for word in words if not word.startswith(ALERT)]
    alert = named[-1] if named else ""
    if alert and alert not in alerts:
        hint = did_you_mean(alert, alerts)
        raise ValueError(
            f"no alert in config.toml is called {clean(alert, LABEL_LIMIT)!r}" + (f", {hint}" if hint else "")
        )
    kinds = {kind.value: kind for kind in KINDS}
    kind = kinds.get(words[0].lower()) if words else None
    label = " ".join(words if kind is None else words[1:])
    return LabelWords(kind or LevelKind.LINE, clean(label, LABEL_LIMIT), alert)


def label_line(level: Level | None) -> str:
    """The line that `read_label` reads a level's kind, label and alert from; empty for a new one."""
    if level is None:
        return ""
    kind = level.kind if level.kind in KINDS else LevelKind.LINE
    plain = kind is LevelKind.LINE and level.label.partition(" ")[0].lower() not in KINDS
    words = ["" if plain else kind.value, level.label, f"{ALERT}{level.alert}" if level.alert else ""]
    return " ".join(word for word in words if word)
