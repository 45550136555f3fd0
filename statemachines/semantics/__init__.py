"""What declarations mean, one state at a time: grounding, the oracle, live machines, runs."""
