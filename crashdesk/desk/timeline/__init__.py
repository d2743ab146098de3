"""Pane 6: why."""
