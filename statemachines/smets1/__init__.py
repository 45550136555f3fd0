"""Britain's SMETS1 service: the rulebook, a module for each lifecycle, and the installation that they make."""
