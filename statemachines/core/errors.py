"""What the framework raises."""


class DeclarationError(ValueError):
    """A declaration that cannot mean anything, refused when it is made.

    The message names the culprit, what is wrong with it, and what was expected.
    """


class DrawingError(RuntimeError):
    """A picture that cannot be drawn on this machine: the message says what is missing, and how to get it."""
