"""Chance that is the same on every machine and every Python.

Only `random.Random(int).random()` (its sequence is guaranteed) and IEEE arithmetic with square roots are used: no
logarithms or sines, whose last digit is the platform's, no hashes, no `sum` of floats (3.12 adds differently).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import sqrt
from random import Random
from zlib import crc32


def chance(*what: str) -> Random:
    """The stream of chance for one purpose, e.g. chance("november-2025", "path", "BTC")."""
    return Random(crc32("/".join(what).encode()))


def walk_home(rng: Random, steps: int, deviation: float) -> list[float]:
    """A random walk of `steps` steps that is 0 at its start (left out) and at its end; each step has `deviation`."""
    width = deviation * sqrt(12.0)
    at, path = 0.0, []
    for _ in range(steps):
        at += width * (rng.random() - 0.5)
        path.append(at)
    return [value - at * (i + 1) / steps for i, value in enumerate(path)]


def pulled_walk(rng: Random, deviations: Sequence[float], pull: float, taper: int) -> array[float]:
    """A walk pulled back to 0 by the share `pull` each step; at both ends it fades to exactly 0 over `taper` steps.

    `deviations` are those of the single steps; the first value is 0.
    """
    root = sqrt(12.0)
    keep, draw, at = 1.0 - pull, rng.random, 0.0
    path = array("d", bytes(8 * len(deviations)))
    for i, deviation in enumerate(deviations):
        at = at * keep + root * deviation * (draw() - 0.5)
        path[i] = at
    count = len(deviations)
    for i in range(min(taper, count)):
        path[i] *= i / taper
        path[count - 1 - i] *= i / taper
    return path


def heavy_tailed(first: float, second: float) -> float:
    """A size from two uniform draws: a Pareto tail of exponent 4/3, cut at its last 1/25,000, and many small ones."""
    root = sqrt(1.0 - 0.99996 * first)
    return second * second / (root * sqrt(root))
