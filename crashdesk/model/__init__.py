"""The words of the house: frozen records, levels, views of time and money, ports. Standard library only."""
