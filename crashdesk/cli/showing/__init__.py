"""`crashdesk show`: a pane of the desk as data."""
