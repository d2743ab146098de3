"""Pure functions from a venue's raw liquidation payload to `Liquidation` rows, one module a venue."""
