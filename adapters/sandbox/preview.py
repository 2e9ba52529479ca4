"""The first lines of a text file, as both platforms show them below its name."""

LINES = 5
"""How many; the platforms state no number, this is the sandbox's own."""
LENGTH = 1_000
"""Characters in all, likewise."""
ENOUGH = 1 << 14
"""Bytes that are looked at for them."""


def preview(content: bytes) -> str | None:
    """The lines, or ``None`` where the content is no text."""
    try:
        text = content[:ENOUGH].decode(errors="ignore" if len(content) > ENOUGH else "strict")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else "\n".join(text.splitlines()[:LINES])[:LENGTH]
