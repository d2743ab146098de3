"""The sectors pane: tiles sized by share, coloured by change."""
