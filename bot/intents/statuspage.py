"""Telling customers on status pages outside."""

from typing import Literal

from pydantic import AwareDatetime

from bot.intents.intent import BaseIntent
from bot.progress.publication import Told

STATUSPAGE = "statuspage"
"""Lane of Atlassian Statuspage."""
BETTERSTACK = "betterstack"
"""Lane of Better Stack's status pages."""
OWN_PAGE = "public page"
"""Names Tocsin's own page among those that it writes; nothing is owed to it, it reads publications."""
PAGES = {STATUSPAGE: "Statuspage", BETTERSTACK: "Better Stack"}
"""The lanes of status pages outside, and what people call each."""


class TellPublic(BaseIntent):
    """Have one text stand on a status page, in the public incident of this mark, which is opened where it is not there.

    It holds all that is needed for that, so that it depends on no other effect; those of one incident are one stream.
    A page that has this text or a later one of the incident is left as it is. What came of it comes back as
    ``Published`` (``bot/learned.py``).
    """

    kind: Literal["public"] = "public"
    mark: str
    """Of the publication: the public incident bears it, or is known by what else is the publication's alone."""
    title: str
    opened_at: AwareDatetime
    told: Told
    """Without whoever let it out."""

    def about(self) -> str:
        return f"what customers are told ({self.told.word}, text {self.told.id})"
