"""Reports of an examination: in words, for machines, and as a page."""
