"""The picture of a chart as SVG."""

from __future__ import annotations

import re

from crashdesk.desk.picture import export_svg
from tests.desk.panes_app import PanesApp
from tests.desk.sample_views import desk_view


async def test_the_picture_is_an_svg_without_links_to_fonts() -> None:
    app = PanesApp()
    async with app.run_test(size=(160, 30)) as pilot:
        app.show(desk_view())
        await pilot.pause()
        svg = export_svg(app)
    assert svg.startswith("<svg")
    assert set(re.findall(r"url\(\"?([a-z]+:[a-z/0-9]*)", svg)) == {"data:font/woff2"}
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "BTC/USDT" in svg
    assert ">&#160;" not in svg
    assert "&#160;</text>" not in svg
