"""Text and elements of a page. Whatever is text is escaped here and nowhere else."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from crashdesk.model.text import clean


def text(said: str, limit: int = 2_000) -> str:
    """Text as it may stand between tags and in attributes: on one line, without control characters."""
    return escape(clean(said, limit), quote=True)


def element(name: str, inside: str = "", **attributes: str | float) -> str:
    """An element around markup. `class_` is `class`, `stroke_width` is `stroke-width`; values are escaped."""
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(one)}"' for key, one in attributes.items())
    return f"<{name}{said}>{inside}</{name}>"


def _value(one: str | float) -> str:
    return text(one, max(1, len(one))) if isinstance(one, str) else figure(one)


def figure(value: float) -> str:
    """A coordinate with a tenth at most."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


class Drawing(NamedTuple):
    """A chart: what it is, what it tells to those who don't see it, and its markup in a space of `width` x `height`."""

    name: str
    title: str
    told: str
    width: float
    height: float
    inside: str
    legend: tuple[tuple[str, str], ...] = ()

    def markup(self) -> str:
        """The figure with its heading and legend; `legend` are (class of a swatch, words)."""
        about = element("title", text(self.title), id=f"{self.name}-title")
        about += element("desc", text(self.told), id=f"{self.name}-told")
        svg = element(
            "svg",
            about + self.inside,
            viewBox=f"0 0 {figure(self.width)} {figure(self.height)}",
            role="img",
            aria_labelledby=f"{self.name}-title {self.name}-told",
        )
        swatches = "".join(
            element("span", element("i", class_=f"swatch {kind}") + text(words)) for kind, words in self.legend
        )
        legend = element("span", swatches, class_="legend") if swatches else ""
        caption = element("figcaption", element("strong", text(self.title)) + legend)
        return element("figure", f"{caption}\n{svg}\n", class_=self.name)
