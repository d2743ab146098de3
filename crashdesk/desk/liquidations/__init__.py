"""The liquidations pane: totals, the tape and its tabs."""
