"""The errors that reach the user: one sentence each."""

from __future__ import annotations


class CrashdeskError(Exception):
    """Something the user can act on. Its text is one clear sentence: what is wrong, where, what to do."""


class UsageError(CrashdeskError):
    """A wrong argument (exit code 2)."""


class RecordingError(CrashdeskError):
    """A recording that is missing, foreign, too new or damaged beyond reading."""
