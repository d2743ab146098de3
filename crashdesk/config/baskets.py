"""Sector baskets in TOML: the built-in list, or the user's in its place."""

from __future__ import annotations

from pathlib import Path

from crashdesk.config.checks import BadValueError, Check, a_list, kind_of, list_of, number, shown, text
from crashdesk.config.settings import Problem
from crashdesk.config.table import Table, read_toml
from crashdesk.model.basket import Basket, Baskets

_MAX_COIN = 30
_SMALLEST_CAP, _LARGEST_CAP = 1e-12, 1e18


def built_in_file() -> Path:
    """Where the built-in baskets are."""
    return Path(__file__).with_name("baskets.toml")


def load_baskets(path: Path | None) -> tuple[Baskets, tuple[Problem, ...]]:
    """The baskets of the file `path` (None: the built-in ones) and what is wrong with it.

    A wrong sector or coin is left out; from a file without any good sector the built-in baskets stay. Caps may be in
    any positive unit, the same for all.
    """
    problems: list[Problem] = []
    if path is not None:
        baskets = _read(path, problems)
        if baskets is not None:
            return baskets, tuple(problems)
    built_in = _read(built_in_file(), problems)
    if built_in is None:
        raise FileNotFoundError(f"{built_in_file()}: the built-in baskets cannot be read: install crashdesk again")
    return built_in, tuple(problems)


def _read(file: Path, problems: list[Problem]) -> Baskets | None:
    raw = read_toml(file, problems)
    if raw is None:
        return None
    table = Table(raw, file, problems)
    title = table.take("title", text, file.stem)
    as_of = table.take("as_of", text, "")
    source = table.take("source", text, "")
    seen: dict[str, str] = {}
    names: set[str] = set()
    sectors = [basket for part in table.tables("sector") if (basket := _sector(part, seen, names))]
    groups = [basket for part in table.tables("group") if (basket := _sector(part, seen, names))]
    table.finish()
    if not sectors:
        table.problem("sector", "no sector in this file", "write [[sector]] tables; the built-in baskets are used")
        return None
    return Baskets(title, as_of, source, tuple(sectors), tuple(groups))


def _sector(table: Table, seen: dict[str, str], names: set[str]) -> Basket | None:
    """One sector; `seen` maps the coins so far to their sectors, `names` are those of the sectors so far."""
    name = table.require("name", text)
    listed = table.require("members", list_of(_coin))
    no_caps: tuple[float, ...] = ()
    caps = table.take("caps", _caps, no_caps)
    table.finish()
    if name is None or listed is None:
        return None
    if name in names:
        table.problem("name", f"{shown(name)} is the name of another sector", "the sector was left out")
        return None
    names.add(name)
    if caps and len(caps) != len(listed):
        table.problem("caps", f"has {len(caps)} entries for {len(listed)} members", "give one for each member, or none")
        caps = no_caps
    members: list[str] = []
    kept: list[float | None] = []
    for coin, cap in zip(listed, caps or (None,) * len(listed), strict=True):
        if coin in seen:
            table.problem("members", f"{shown(coin)} is in {seen[coin]} already", "a coin is in one sector only")
        else:
            seen[coin] = name
            members.append(coin)
            kept.append(cap)
    if not members:
        table.problem("members", "is empty", "the sector was left out")
        return None
    return Basket(name, tuple(members), tuple(kept))


def _coin(value: object) -> str:
    coin = text(value)
    if not 0 < len(coin) <= _MAX_COIN or " " in coin or "/" in coin:
        raise BadValueError(f"{shown(coin)} is no coin", 'write its base currency, like "BTC"')
    return coin


_positive: Check[float] = number(_SMALLEST_CAP, _LARGEST_CAP)


def _caps(value: object) -> tuple[float, ...]:
    """Positive numbers; the first bad one spoils the list."""
    caps = []
    for cap in a_list(value):
        try:
            caps.append(_positive(cap))
        except BadValueError:
            what = shown(cap) if isinstance(cap, int | float) and not isinstance(cap, bool) else kind_of(cap)
            raise BadValueError(f"must be numbers above zero, has {what}", "weights by cap are left out") from None
    return tuple(caps)
