"""The written wrap: text, Markdown and JSON from the same state as the panes."""
