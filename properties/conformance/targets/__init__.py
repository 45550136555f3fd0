"""Targets: what is tested, spoken to in one of three protocols."""
