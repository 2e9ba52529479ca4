"""What every status page has to be able to do: show a text, say whether it shows it, be examined."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from pydantic import ConfigDict, Field

from bot.addresses import Address
from bot.doctor import Finding, doubt, fine, wrong
from bot.errors import Outside, Refused
from bot.intents import TellPublic
from bot.model import Model

_TAG = re.compile(r"<(?=[A-Za-z/!])")


class Shown(Model):
    """A public incident as its page has it."""

    model_config = ConfigDict(frozen=True)

    ref: str = Field(pattern=r"^[!-~]{1,255}$")
    """The page's own name for it."""
    url: Address
    """Where customers read it."""
    unknown: tuple[str, ...] = ()
    """Components that the page does not have."""


class Page(Protocol):
    """One status page. Each method raises :class:`~bot.errors.TryLater` or :class:`~bot.errors.Refused`, and whatever
    reading an answer of another shape raises: see :func:`bot.understanding.understood`.
    """

    lane: str
    """``statuspage``, ``betterstack``: under this name effects are owed to it."""
    title: str
    """What people call it."""
    settles: timedelta
    """How long after a lost answer a public incident can be found for certain, if it is there."""

    async def tell(self, tell: TellPublic) -> Shown:
        """Show the text; the public incident is opened where it is not there yet."""
        ...

    async def find(self, tell: TellPublic) -> Shown | None:
        """The public incident, if it shows the text. Must see what was done a moment ago."""
        ...

    async def examine(self, components: Iterable[str]) -> list[Finding]:
        """Whether it may be written, and has components of these names."""
        ...

    async def close(self) -> None:
        """Drop what is open."""
        ...


def plain(text: str) -> str:
    """Words of people and alerts in which no markup acts: a page may let some of HTML through."""
    return _TAG.sub("< ", text)


def examined(title: str, names: Iterable[str], known: Iterable[str]) -> list[Finding]:
    """What is to be said of a page that answers: whether it has components of these names."""
    there = {name.casefold() for name in known}
    missing = [f"“{name}”" for name in dict.fromkeys(names) if name.casefold() not in there]
    if not missing:
        return [fine(title, "public incidents may be opened there")]
    says = f"it has no component {', '.join(missing)}, which a playbook names, so its state is not shown there."
    mend = "Correct “status_page.components” in the playbook, or add it to the page under that very name."
    return [wrong("statuspage.component", title, says, mend)]


def failed(title: str, no: Outside, *, unknown: str = "", missing: str = "") -> list[Finding]:
    """A page that does not answer as it should: how to mend a key that is ``unknown``, and a page that is
    ``missing``."""
    if not isinstance(no, Refused):
        mend = "Nothing is to be done here: what is owed waits until it answers again."
        return [doubt("statuspage.silent", title, f"does not answer: {no.why}", mend)]
    if no.why.startswith(("401", "403")):
        return [wrong("statuspage.key", title, f"it refuses: {no.why}", unknown)]
    return [wrong("statuspage.page", title, f"it refuses: {no.why}", missing)]
