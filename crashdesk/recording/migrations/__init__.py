"""Older versions of the format: one module for each step, pure functions over payloads."""
