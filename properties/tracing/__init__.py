"""From a rule to its source, its declarations, claims, pictures and results."""
