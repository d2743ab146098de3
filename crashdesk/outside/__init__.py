"""The outside: child processes and notifiers."""
