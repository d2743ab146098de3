"""The tests of crashdesk."""
