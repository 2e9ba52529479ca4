"""Web addresses that others wrote, and that people may open from chat."""

import re
from typing import Annotated

from pydantic import AfterValidator

from bot import hidden

LONGEST = 2000
"""Characters of an address that is kept."""
_WEB = re.compile(r"https?://[^\s/?#]\S*")


def _kept(text: str) -> str:
    """Only web addresses are kept: nothing else can be opened from chat, one without a host leads nowhere, and one that
    is cut, or looks like another, elsewhere."""
    fits = len(text) <= LONGEST and _WEB.fullmatch(text) is not None
    return text if fits and hidden.readable(text) == text else ""


Address = Annotated[str, AfterValidator(_kept)]
"""A web address; whatever is none becomes empty."""
