"""The level ladder, the trader's own levels and placing one by keyboard."""
