"""From what a target did to the rules that it breaks."""
