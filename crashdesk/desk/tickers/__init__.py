"""The tickers pane: one row for every symbol."""
