"""Characters that people do not see: of no width, or turning the direction of whatever stands behind them."""

import re

HIDDEN = "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
"""As a regular expression's set holds them. A word that has one among its letters would be found by no search."""
_HIDDEN = re.compile(f"[{HIDDEN}]")


def seen(text: str) -> str:
    """As people see it."""
    return _HIDDEN.sub("", text)
