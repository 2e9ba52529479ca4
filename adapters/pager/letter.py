"""What a page says: short, in plain words. What people and alerts wrote is data and does nothing there."""

import re
from dataclasses import dataclass

from bot.hidden import seen
from bot.intents import PagePerson

TITLE = 120
"""Characters; Opsgenie takes 130, and an SMS holds 160 in all."""
WHY = 160


@dataclass(frozen=True, slots=True)
class Letter:
    """One page as it is sent."""

    title: str
    body: str
    mark: str
    """Names the step for services that drop what they know already."""


def letter(page: PagePerson, *, number: int, mark: str, channel: str = "", answer: str = "") -> Letter:
    """A page in words. Of a private incident it says only that there is one."""
    title = f"{page.severity.upper()} #{number}"
    title = f"{title}: {plain(page.title)}" if page.title else f"{title}: a private incident"
    why = f"Why: {cut(plain(page.why), WHY)}" if page.why else ""
    have = f"I have it: {answer}" if answer else f"Answer in the channel, or type: /incident #{number} ack"
    return Letter(cut(title, TITLE), "\n".join(filter(None, (why, channel, have))), mark)


def plain(words: str) -> str:
    """Words on one line in which nothing mentions, links or formats anywhere: no ``@`` before a word, no brackets."""
    line = " ".join(seen(words).split())
    line = line.translate(str.maketrans("<>[]`*", "()()' "))
    line = re.sub(r"@(?=\w)", "@ ", line)
    return " ".join(re.sub(r"\b([a-z][a-z0-9+.-]*)://", r"\1: ", line, flags=re.IGNORECASE).split())


def cut(words: str, longest: int) -> str:
    """At most so many characters."""
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"
