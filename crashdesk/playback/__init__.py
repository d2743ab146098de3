"""Follow, replay, transport and seek words."""
