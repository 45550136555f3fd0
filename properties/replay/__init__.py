"""Logs of real systems against the declarations: what happened, step by step, and whether it followed the rules."""
