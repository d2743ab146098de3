"""The composition root: parses arguments, builds the parts and injects them."""
