"""The edge that reads DUIS XML."""
