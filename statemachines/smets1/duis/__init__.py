"""The edge that reads and writes DUIS XML."""
