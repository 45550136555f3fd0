"""What the framework raises."""


class DeclarationError(ValueError):
    """A declaration that cannot mean anything, refused when it is made.

    The message names the culprit, what is wrong with it, and what was expected.
    """
