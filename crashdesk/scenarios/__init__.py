"""Reconstructions of past crashes, yielding records."""
