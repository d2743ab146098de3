"""Briefs in their formats from a state, with the settings of the user."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import Brief, make_brief
from crashdesk.cli.context import Context
from crashdesk.config.settings import Settings
from crashdesk.session.picture import headline
from crashdesk.session.player import Player
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode


def zone_of(settings: Settings) -> tzinfo:
    """The time zone in which times are written."""
    return ZoneInfo(settings.desk.timezone)


def find_levels(player: Player, context: Context) -> None:
    """Find the key levels of the symbol that the brief is about; what goes wrong with it is told, the brief goes on."""
    from crashdesk.outside.level_finder import find_now

    first = headline(player.state.rows())
    if first is None:
        return
    player.state.level_rows(first, first.symbol)
    wishes = player.found.wishes()
    try:
        player.found.answer(find_now(wishes, context.paths.found_levels_file).items())
    except (OSError, ValueError) as error:
        context.say(f"key levels could not be calculated: {error}")


def brief_of(state: MarketState, settings: Settings) -> Brief:
    """The brief of a state with the settings' sector weights: the same from a desk as from a file."""
    return make_brief(state, WeightMode(settings.desk.weights))


def written(brief: Brief, settings: Settings, form: str) -> str:
    """A brief as `text`, `md` or `json`."""
    if form == "json":
        return brief_json(brief)
    return (brief_markdown if form == "md" else brief_text)(brief, zone_of(settings))
