"""The explorer: a system as one page that a browser opens from a file, and in which one sends it requests."""
