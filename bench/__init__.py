"""Measures crashdesk against floors and peers of the same run: `python -m bench`. Nothing is asserted."""
