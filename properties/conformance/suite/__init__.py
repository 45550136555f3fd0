"""The deterministic layer: goals, the sequences that reach them, and their files."""
