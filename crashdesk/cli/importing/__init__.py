"""`crashdesk import`: recordings made of tables that were recorded elsewhere, or of an exported folder."""
