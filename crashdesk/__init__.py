"""crashdesk: the terminal desk for the hours when the crypto market falls."""

__version__ = "0.1.0"
__date__ = "2026-11-23"
"""The day of this version, as the changelog has it once it is released: what is made of the sources has no other."""
