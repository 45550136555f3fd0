"""How a message shows the input that it complains of."""


def shown(text: str, limit: int = 60) -> str:
    """The text with anything unprintable escaped, cut to `limit` characters.

    >>> shown("a\\x1b[2J")
    'a\\\\x1b[2J'
    >>> shown("abcdef", limit=5)
    'ab...'
    """
    escaped = repr(text[: limit + 1])[1:-1]
    return escaped if len(escaped) <= limit else f"{escaped[: limit - 3]}..."
