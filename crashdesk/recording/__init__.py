"""The append-only log: frames, writer, reader, roll-ups."""
