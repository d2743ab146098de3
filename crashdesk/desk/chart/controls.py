"""What the chart's keys do to its options."""

from typing import NamedTuple

from crashdesk.desk.chart.options import ChartOptions
from crashdesk.desk.chart.window import fitting, last_pan, zoomed

STEPS_ACROSS = 12
"""Steps of the arrow keys from one edge of the chart to the other."""


class Extent(NamedTuple):
    """A chart of `columns` that shows `shown` of `available` candles."""

    columns: int
    shown: int
    available: int


def changed_options(options: ChartOptions, action_id: str, extent: Extent) -> ChartOptions | None:
    """The options after an action of the keymap; None when it is none of the chart's."""
    match action_id:
        case "chart_kind":
            return options._replace(candles=not options.candles)
        case "chart_log":
            return options._replace(log=not options.log)
        case "chart_profile":
            return options._replace(profile=not options.profile)
        case "chart_volume":
            return options._replace(volume=not options.volume)
        case "chart_averages":
            return options.next_averages()
        case "chart_zoom_in" | "chart_zoom_out":
            step = 1 if action_id == "chart_zoom_in" else -1
            zoom = zoomed(extent.columns, options.zoom, extent.available, step)
            return panned(options._replace(zoom=zoom), 0, extent)
    return _moved(options, action_id, extent)


def wheel_zoom(options: ChartOptions, step: int, extent: Extent, share: float) -> ChartOptions:
    """Zoom in (+1) or out (-1) around the candle at `share` of the chart's width (0 left, 1 right): it stays there."""
    zoom = zoomed(extent.columns, options.zoom, extent.available, step)
    shown = fitting(extent.columns, zoom, extent.available)
    hidden = options.pan + (extent.shown - shown) * (1 - min(max(share, 0.0), 1.0))
    return panned(options._replace(zoom=zoom, pan=0), round(hidden), extent)


def _moved(options: ChartOptions, action_id: str, extent: Extent) -> ChartOptions | None:
    """Panned by an action of the keymap."""
    step = max(1, extent.shown // STEPS_ACROSS)
    pans = {
        "move_left": step,
        "move_right": -step,
        "half_page_up": max(1, extent.shown // 2),
        "half_page_down": -max(1, extent.shown // 2),
        "page_up": extent.shown,
        "page_down": -extent.shown,
        "move_first": extent.available,
        "move_last": -extent.available,
    }
    return panned(options, pans[action_id], extent) if action_id in pans else None


def panned(options: ChartOptions, candles: int, extent: Extent) -> ChartOptions:
    """`candles` further back, within what there is."""
    most = last_pan(extent.columns, options.zoom, extent.available)
    return options._replace(pan=min(max(0, options.pan + candles), most))
