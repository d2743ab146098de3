"""Figures over candles; pandas only in child processes and headless commands."""
