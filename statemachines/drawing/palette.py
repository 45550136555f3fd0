"""Colours and fonts of all pictures."""

from statemachines.drawing.picture import Mark

FONTS_SHOWN = "Arial,Helvetica,Liberation Sans,sans-serif"
INK, BLUE, PALE, GREY, RED = "#1f2933", "#1f4e8c", "#eef3fb", "#6b7280", "#b42318"
GREEN = "#17713a"
MARKED = {Mark.SHOWN: GREEN, Mark.FAILED: RED, Mark.NOT_SHOWN: GREY}
"""The colour of an arrow with a test's result."""
PALE_BLUE = "#7a99c6"
"""The colour of an arrow that rests on an assumption."""
PALER, PALER_RED = "#b9c7dc", "#e8b4ae"
