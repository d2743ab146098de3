"""The config.toml that `crashdesk config init` writes: every key, commented out, with its default."""

from __future__ import annotations

from crashdesk.config.alert_settings import ALERT_WINDOWS, DEFAULT_ALERTS, AlertKind, Notify, usual
from crashdesk.config.key_presets import PRESETS
from crashdesk.config.known import CHART_TIMEFRAMES, EXCHANGES, WEIGHT_MODES
from crashdesk.config.layouts import DESK
from crashdesk.config.layouts import PRESETS as LAYOUTS
from crashdesk.config.settings import DeskSettings, NewsSettings, RecordingSettings, SendSettings
from crashdesk.config.theme_file import DEFAULT_THEME
from crashdesk.config.ticker_settings import TICKER_COLUMNS, USUAL_COLUMNS, TickerSettings
from crashdesk.config.versions import newest
from crashdesk.model.cascade import CascadeSettings
from crashdesk.model.timeframe import MINUTE_MS

_HEAD = """\
# crashdesk: settings. Everything here is optional; a line that starts with # says the default or an example.
# After a change: crashdesk config check

version = {version}                         # of this file's format; crashdesk config migrate rewrites an older one

"""

_VENUES = """\
# Venues, one table each. Their order is the order of preference for prices. Without any [venues.NAME] all of
# {known}
# are used; with one, only those written here.
#
# [venues.okx]
# exchange = "okx"                  # the exchange's id, default: the table's name
# enabled = true
# symbols = ["BTC/USDT", "BTC/USDT:USDT"]   # default: the coins of the baskets against USDT
# top = 50                          # instead of symbols: so many markets with the largest volume
# poll_seconds = 5                  # 0.1 to 3600
# proxy = "http://127.0.0.1:3128"
# api_url = "https://gateway.example"   # replaces scheme, host and port of every REST address
# ws_url = "wss://gateway.example"      # and of every WebSocket address

"""

_DESK = """\
[desk]
# timezone = "{desk.timezone}"                # where times are shown, such as "Asia/Hong_Kong"
# theme = "{theme}"              # crashdesk themes lists them; default: the one chosen last on the desk
# symbol = "{desk.symbol}"             # what chart and levels open with
# timeframe = "{desk.timeframe}"                # {timeframes}
# weights = "{desk.weights}"               # of the members of a sector: {weights}
# ascii = {ascii}                   # draw with plain ASCII only
# keymap = "{desk.keymap}"              # the keys to begin with: {keymaps}; your own come in [keys]
# layout = "{layout}"                 # of the panes: {layouts}, your own; default: the one chosen last

"""

_ALERTS = """\
# Alerts: shown on the desk and in its timeline, with the terminal's bell, a desktop notification, a program of yours.
# On by default: {defaults}.
#
# [alerts.large_liquidation]
# enabled = false                   # switched off; any key of a default can be changed
#
# [alerts.my_alert]                 # a name of your own
# kind = "liquidation"              # {kinds}
# min_usd = 1_000_000               # also of a minute (rate), of the window (total, one_sided), of a cascade
# side = "long"                     # default: both
# coins = ["BTC", "ETH"]            # default: all
# venues = ["okx"]                  # default: all
# repeat_seconds = 10               # quiet after an alert; what comes meanwhile is told as one
# bell = true
# notify = "auto"                   # {notify}: a desktop notification, where the terminal has them
# send = true                       # to the addresses of [notify]; default: true, but not for feed_lost
# run = ["echo", "an argument"]     # a program and its arguments, no shell; it is given CRASHDESK_ALERT_TEXT
#
# [alerts.my_longs]
# kind = "one_sided"
# window = "1h"                     # {windows}
# share = 90                        # percent of one side
# min_usd = 10_000_000              # of the window; default: {one_sided_usd:_.0f}
#
# [alerts.my_feeds]
# kind = "feed_lost"
# after_seconds = 30                # so long without a connection
# feeds = ["liquidations"]          # default: liquidations and tickers
#
# [alerts.my_levels]                # for those of your levels that name it
# kind = "level"
# on = ["touch", "breach", "reclaim"]   # near or passed; a close of its timeframe beyond it; a close back
#
# [alerts.my_average]
# kind = "sma200"
# on = ["touch", "breach", "reclaim", "cross"]   # cross: SMA50 crosses SMA200
# symbols = ["BTC/USDT", "ETH/USDT"]   # default: the desk's symbol
#
# [alerts.my_drawdown]
# kind = "drawdown"
# percent = 20                      # under the highest high of the history
# symbols = ["BTC/USDT"]            # default: the desk's symbol

"""

_TICKERS = """\
[tickers]
# columns = [{columns}]
# Those that don't fit go from the right. Without this: those chosen last on the desk.
# Also: {others}
# dislocation_pct = {usual.dislocation_pct:g}               # percent between venues from which a row warns; 0: never

[groups]
# Lists of symbols, shown by {{ and }} in the tickers.
# majors = ["BTC", "ETH", "SOL/USDT"]
# defi = "sector:DeFi"              # a sector of the baskets
# busy = ["top 20 by volume", "BTC"]

"""

_CASCADES = """\
[cascades]
# What a recorder calls a cascade; crashdesk's README has the definition.
# window = "{window}m"                     # whole minutes, 1m to 1h
# factor = {usual.factor:g}                        # times the median of such windows over the 24 h before
# floor_usd = {usual.floor_usd:_.0f}             # and at least so much
# one_sided = {share:g}                    # percent of one side, 50 to 100
# sigmas = {usual.sigmas:g}                        # the price's move, in standard deviations for the window

"""

_RECORDING = """\
[recording]
# roll = "{roll}"                      # "day": at 00:00 UTC it goes on in a new file that needs none of the others
# prune_days = {usual.prune_days}                    # remove automatic recordings that ended so many days ago; 0: never

"""

_OWN = """\
# Daily figures of your own from a CSV file (date,value), shown in the timeline and the brief.
#
# [series.etf_flows]                # a name of your own
# file = "flows.csv"                # relative to this file
# title = "US ETF flows"
# unit = "M$"
# column = "total"                  # default: value, or the column behind the dates
# known_after = "1d"                # an entry counts so long after 00:00 UTC of its date; "0" is at once

[notify]
# urls = ["ntfys://ntfy.sh/TOPIC"]  # where alerts are sent, in the words of apprise; needs crashdesk[notify]. They
#                                   # hold secrets: chmod 600 this file. `crashdesk alerts test` tries them
# every_seconds = {sending.every_seconds:g}                # to one address at most one message in this time

[news]
# feeds = ["https://news.example/rss"]   # RSS or Atom, asked by the recorder; needs crashdesk[news]
# poll_minutes = {news.poll_minutes:g}

"""

_REST = """\
[keys]
# A key or a list of keys for an action; crashdesk keys lists the actions, crashdesk keys check names mistakes.
# filter = ["/", "ctrl+f"]

# Layouts of your own, here or each in a file layouts/NAME.toml beside this one. D goes through them, :layout NAME too.
#
# [layouts.mine]                    # rows or columns: panes, or boxes of further rows or columns
# columns = [{ pane = "tickers", weight = 3 }, { rows = ["liquidations", { pane = "timeline", most = 6 }], weight = 2 }]

[baskets]
# file = "baskets.toml"             # your own sectors; relative to this file
"""


def init_text() -> str:
    """A config.toml that changes nothing and explains every key."""
    desk, cascades = DeskSettings(), CascadeSettings()
    return (
        _HEAD.format(version=newest())
        + _VENUES.format(known=", ".join(EXCHANGES))
        + _DESK.format(
            desk=desk,
            theme=DEFAULT_THEME,
            timeframes=" ".join(CHART_TIMEFRAMES),
            weights=", ".join(WEIGHT_MODES),
            ascii=str(desk.ascii).lower(),
            keymaps=", ".join(PRESETS),
            layout=DESK.id,
            layouts=", ".join(LAYOUTS),
        )
        + _TICKERS.format(
            columns=", ".join(f'"{name}"' for name in USUAL_COLUMNS),
            others=", ".join(name for name in TICKER_COLUMNS if name not in USUAL_COLUMNS),
            usual=TickerSettings(),
        )
        + _ALERTS.format(
            defaults=", ".join(rule.name for rule in DEFAULT_ALERTS),
            kinds=", ".join(AlertKind),
            windows=" ".join(ALERT_WINDOWS),
            notify=", ".join(Notify),
            one_sided_usd=usual(AlertKind.ONE_SIDED).min_usd,
        )
        + _CASCADES.format(usual=cascades, window=cascades.window_ms // MINUTE_MS, share=cascades.one_sided * 100)
        + _RECORDING.format(usual=RecordingSettings(), roll=RecordingSettings().roll.value)
        + _OWN.format(news=NewsSettings(), sending=SendSettings())
        + _REST
    )
