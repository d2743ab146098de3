"""Sums of a large crash have room: under the one pane of a small terminal, and in the lists of the liquidations."""

from __future__ import annotations

from crashdesk.desk.liquidations.sums import sums_line
from crashdesk.desk.mini import MiniBar
from crashdesk.model.money import MICRO
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.session.liquidation_views import Totals, WindowTotals
from tests.desk.sample_look import sample_look
from tests.desk.sample_views import desk_view

BILLION = 1_000_000_000 * MICRO


def lines_of(long: int, short: int, orders: int) -> list[str]:
    """The two lines of sums at 80 cells."""
    sums = Totals(long + short, long, short, orders)
    view = desk_view()
    windows = tuple(WindowTotals(name, hours * HOUR_MS, sums, None) for name, hours in (("1h", 1), ("24h", 24)))
    bar = MiniBar(sample_look())
    bar.show(view._replace(liquidations=view.liquidations._replace(windows=windows)))
    return [strip.text for strip in bar.lines(80, 3)[:2]]


def test_billions_on_both_sides_and_millions_of_orders_fit_into_80_cells() -> None:
    for line in lines_of(16_060_000_000 * MICRO, 2_420_000_000 * MICRO, 1_570_378):
        assert line.split()[2:][:8] == [
            "$18.48bn",
            "long",
            "$16.06bn",
            "87%",
            "short",
            "$2.420bn",
            "1,570,378",
            "orders",
        ]


def test_one_side_alone_fits_too() -> None:
    for line in lines_of(19 * BILLION, 0, 12):
        assert line.split()[2:8] == ["$19.00bn", "long", "$19.00bn", "100%", "short", "$0"]


def test_a_million_orders_stand_apart_from_the_share_beside_them() -> None:
    sums = Totals(3_551 * BILLION // 1000, 3_089 * BILLION // 1000, 462 * BILLION // 1000, 1_234_062)
    line = sums_line("under $10k", sums, sums.total, 80, look := sample_look()).strip(look.palette.blank).text
    assert line.split()[2:5] == ["$3.551bn", "87%", "1,234,062"]
