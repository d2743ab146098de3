"""What every key of config.toml does, in words: the part of the reference that the loader can't tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class KeyWords(NamedTuple):
    """What a key `does`. The others replace what the loader knows: `kind` of value, its `limits`, its `default`."""

    does: str
    unit: str = ""
    kind: str = ""
    limits: str = ""
    default: str = ""


TABLES: Mapping[str, str] = {
    "": "At the top of the file.",
    "desk": "What the desk opens with.",
    "tickers": "The tickers.",
    "groups": 'Lists of symbols for the tickers: a name of your own, and a list of coins (`"BTC"`), symbols '
    '(`"BTC/USDT"`), sectors (`"sector:DeFi"`) and of what is traded most (`"top 20 by volume"`).',
    "keys": "Keys of your own: the id of an action, and a key or a list of keys; `[]` unbinds it. "
    "[keys.md](keys.md) has the ids and how keys are written.",
    "venues.NAME": "A venue that is used, in the order of preference for prices; without any such table all are.",
    "recording": "How recordings are kept.",
    "cascades": "What a recorder calls a cascade.",
    "alerts.NAME": "An alert: a built-in one that is changed, under its name ({alerts}), or one of your own.",
    "notify": "Chat services, mail, push and the like that alerts are sent to; needs the extra `crashdesk[notify]`. "
    "The addresses hold secrets: `chmod 600` this file. `crashdesk alerts test` tries them.",
    "news": "Feeds of news, asked by the recorder; needs the extra `crashdesk[news]`.",
    "series.NAME": "Daily figures of your own, from a CSV file.",
    "baskets": "Sectors of your own.",
    "layouts.NAME": "A layout of your own, here or in a file `layouts/NAME.toml` beside config.toml.",
}
"""The tables in the order of the reference, each with a sentence."""

_SHARE, _USD, _S = "%", "USD", "s"
_LAST = "the one chosen last on the desk"

WORDS: Mapping[str, KeyWords] = {
    "version": KeyWords("the version of the file; `crashdesk config migrate` rewrites an older one", limits="1 and up"),
    "venues.NAME.exchange": KeyWords("the exchange that is asked", default="the table's name"),
    "venues.NAME.enabled": KeyWords("whether it is used"),
    "venues.NAME.symbols": KeyWords(
        "what is polled, in the words of `crashdesk venues`", kind="list of symbols", default="see `top`"
    ),
    "venues.NAME.top": KeyWords(
        "instead of symbols: so many with the largest volume; 0: the coins of the baskets against USDT", "symbols"
    ),
    "venues.NAME.poll_seconds": KeyWords("how often prices are asked for", _S),
    "venues.NAME.proxy": KeyWords(
        "the way to this venue", kind="address", limits="`http://` or `https://`, host, port"
    ),
    "venues.NAME.api_url": KeyWords(
        "replaces scheme, host and port of every REST address", kind="address", limits="`https://` or `http://`"
    ),
    "venues.NAME.ws_url": KeyWords(
        "replaces scheme, host and port of every WebSocket address", kind="address", limits="`wss://` or `ws://`"
    ),
    "layouts.NAME.title": KeyWords("what the list of layouts says"),
    "layouts.NAME.rows": KeyWords("boxes over one another: panes, or tables of these keys", kind="list of boxes"),
    "layouts.NAME.columns": KeyWords("boxes beside one another", kind="list of boxes"),
    "layouts.NAME.weight": KeyWords("of a box: its share of the row or column that it stands in"),
    "layouts.NAME.least": KeyWords("of a box: at least so much", "cells"),
    "layouts.NAME.most": KeyWords("of a box: at most so much", "cells"),
    "layouts.NAME.pane": KeyWords("of a box: the pane in it"),
    "desk.timezone": KeyWords("where times are shown; days stay UTC", kind="zone", limits="such as `Asia/Hong_Kong`"),
    "desk.theme": KeyWords(
        "colours; [themes.md](themes.md)", limits="a built-in theme or one of your own", default=_LAST
    ),
    "desk.symbol": KeyWords("what chart and levels open with", kind="symbol", limits="`BTC/USDT`, `BTC/USDT:USDT`"),
    "desk.timeframe": KeyWords("of the chart"),
    "desk.weights": KeyWords("of the members of a sector"),
    "desk.ascii": KeyWords("draw with plain ASCII characters only"),
    "desk.keymap": KeyWords("the keys to begin with; [keys.md](keys.md)"),
    "desk.layout": KeyWords("where the panes are", limits="a built-in layout or one of your own", default=_LAST),
    "baskets.file": KeyWords(
        "a TOML file of sectors, from the folder of config.toml", kind="file", limits="must exist"
    ),
    "alerts.NAME.kind": KeyWords("what is watched", default="a built-in alert's own"),
    "alerts.NAME.enabled": KeyWords("whether it is on"),
    "alerts.NAME.min_usd": KeyWords(
        "of a liquidation, a minute (`rate`), the window, a cascade: at least so much", _USD
    ),
    "alerts.NAME.side": KeyWords("only of this side", default="both"),
    "alerts.NAME.venues": KeyWords("only of these venues", limits="venues of the file, exchanges", default="all"),
    "alerts.NAME.coins": KeyWords("only of these coins", kind="list of coins", default="all"),
    "alerts.NAME.window": KeyWords("the time that is summed"),
    "alerts.NAME.share": KeyWords("of one side", _SHARE),
    "alerts.NAME.after_seconds": KeyWords("lost: so long without a connection", _S),
    "alerts.NAME.feeds": KeyWords("which feeds"),
    "alerts.NAME.on": KeyWords("near or passed; a close of its timeframe beyond it; a close back; SMA50 over SMA200"),
    "alerts.NAME.symbols": KeyWords("of these symbols", kind="list of symbols", default="the desk's symbol"),
    "alerts.NAME.percent": KeyWords("under the highest high of the history", _SHARE),
    "alerts.NAME.repeat_seconds": KeyWords("quiet after an alert; what comes meanwhile is told as one", _S),
    "alerts.NAME.bell": KeyWords("the terminal's bell"),
    "alerts.NAME.notify": KeyWords("a desktop notification, where the terminal has them"),
    "alerts.NAME.run": KeyWords(
        "a program and its arguments, no shell; it is given `CRASHDESK_ALERT_TEXT`", kind="list", limits="at most 50"
    ),
    "alerts.NAME.send": KeyWords(
        "whether it is sent to the addresses of `[notify]`", default="true; `feed_lost`: false"
    ),
    "notify.urls": KeyWords(
        "addresses in the words of [apprise](https://github.com/caronc/apprise/wiki)", kind="list of addresses"
    ),
    "notify.every_seconds": KeyWords("to one address at most one message in this time; the alerts of it are one", _S),
    "cascades.window": KeyWords("the time that is looked at", kind="length", limits="whole minutes, `1m` to `1h`"),
    "cascades.factor": KeyWords("times the median of such windows over the 24 h before"),
    "cascades.floor_usd": KeyWords("and at least so much", _USD),
    "cascades.one_sided": KeyWords("of one side", _SHARE),
    "cascades.sigmas": KeyWords("the price's move, in standard deviations for the window", "σ"),
    "news.feeds": KeyWords("addresses of RSS or Atom feeds", kind="list of addresses"),
    "news.poll_minutes": KeyWords("how often they are asked", "min"),
    "recording.roll": KeyWords("`day`: at 00:00 UTC it goes on in a new file"),
    "recording.prune_days": KeyWords("remove automatic recordings that ended so many days ago; 0: never", "days"),
    "tickers.columns": KeyWords(
        "columns in their order", kind="list", limits="see the README's table of columns", default="those chosen last"
    ),
    "tickers.dislocation_pct": KeyWords("warn of a row whose price differs so much between venues; 0: never", _SHARE),
    "series.NAME.file": KeyWords("the CSV file, from the folder of config.toml", kind="file"),
    "series.NAME.title": KeyWords("what it is called", default="the table's name"),
    "series.NAME.unit": KeyWords("of the figures"),
    "series.NAME.column": KeyWords("of the file", default="`value`, or the column behind the dates"),
    "series.NAME.known_after": KeyWords(
        "an entry counts so long after 00:00 UTC of its date", kind="length", limits='such as `"1d"`; `"0"`: at once'
    ),
}
"""By dotted key, NAME for what the user chooses."""
