"""Briefs in their formats from a state, with the settings of the user."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from crashdesk.brief.as_json import brief_json
from crashdesk.brief.as_text import brief_markdown, brief_text
from crashdesk.brief.content import Brief, make_brief
from crashdesk.config.settings import Settings
from crashdesk.session.state import MarketState
from crashdesk.session.views import WeightMode


def zone_of(settings: Settings) -> tzinfo:
    """The time zone in which times are written."""
    return ZoneInfo(settings.desk.timezone)


def brief_of(state: MarketState, settings: Settings) -> Brief:
    """The brief of a state with the settings' sector weights: the same from a desk as from a file."""
    return make_brief(state, WeightMode(settings.desk.weights))


def written(brief: Brief, settings: Settings, form: str) -> str:
    """A brief as `text`, `md`, `json` or `html`."""
    if form == "json":
        return brief_json(brief)
    if form == "html":
        from crashdesk.brief.page.document import brief_html

        return brief_html(brief, zone_of(settings))
    return (brief_markdown if form == "md" else brief_text)(brief, zone_of(settings))
