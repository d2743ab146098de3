"""Liquidations by REST: how each venue gives its history page by page, and what is still to be asked for."""
