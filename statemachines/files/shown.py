"""How a message shows the input that it is about."""


def printable(text: str) -> str:
    """The text with every character escaped that does not print: controls, marks of direction, lone surrogates.

    >>> printable("Zoë's \\x1b[2J\\u202e")
    "Zoë's \\\\x1b[2J\\\\u202e"
    """
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def shown(text: str, limit: int = 60) -> str:
    """The text with anything unprintable escaped, cut to `limit` characters.

    >>> shown("a\\x1b[2J")
    'a\\\\x1b[2J'
    >>> shown("abcdef", limit=5)
    'ab...'
    """
    escaped = printable(text[: limit + 1])
    return escaped if len(escaped) <= limit else f"{escaped[: limit - 3]}..."
