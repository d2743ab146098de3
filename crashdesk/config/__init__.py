"""TOML in and out: settings, themes, keymaps, the trader's levels and notes, and their problems."""
