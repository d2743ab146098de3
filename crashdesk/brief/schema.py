"""The JSON schema of the brief, as shipped."""

from __future__ import annotations

from importlib.resources import files


def schema_text() -> str:
    """`brief.schema.json`: JSON Schema 2020-12 of `brief --format json`."""
    return files("crashdesk.brief").joinpath("brief.schema.json").read_text(encoding="utf-8")
