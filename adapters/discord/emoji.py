"""One emoji, one spelling: without the skin tone, gender and presentation that a keyboard adds."""

import re

_ADDED = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2640\u2642]")
"""Presentation selectors, skin tones, and the "woman" or "man" joined to a person's gesture."""


def bare(name: str) -> str:
    """The emoji as the core knows it; a custom emoji's name stays as it is."""
    return _ADDED.sub("", name) or name
