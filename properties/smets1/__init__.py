"""What SMETS1 lends the machinery: its profile, claims, planted faults, DUIS over HTTP."""
