"""The chart: candles or a line, averages, levels and the axes, as finished strips."""
