"""crashdesk: the terminal desk for the hours when the crypto market falls."""

__version__ = "0.1.0"
