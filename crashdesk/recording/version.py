"""The version of the format, where it can be asked for without loading what reads it."""

from __future__ import annotations

FORMAT_VERSION = 3
"""Of the whole file: what its preface says."""
