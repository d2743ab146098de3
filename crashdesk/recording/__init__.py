"""The recording: an append-only log of what the market did, its writer, its reader and its lock."""
