"""Liquidations of the last day: rolling windows, the largest rows, the profile by price."""
