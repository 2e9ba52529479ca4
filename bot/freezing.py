"""The production freeze as a script is told of it: whether it holds, since when and why, and what may pass it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic import AwareDatetime, ConfigDict

from bot.messages import freeze
from bot.model import Model
from bot.progress import Allowed
from bot.reader import Frozen


class _Told(Model):
    model_config = ConfigDict(frozen=True)


class Freezing(_Told):
    """One incident that freezes production."""

    incident: int | None
    """``None`` for a private one."""
    name: str
    """``#42``, or ``a private incident``."""
    severity: str | None
    title: str | None
    """``None`` also where people's words are not told."""
    since: AwareDatetime
    why: str


class Asked(_Told):
    """The change that was asked for."""

    url: str
    allowed: bool
    """Whether it may pass; so may everything while nothing is frozen."""


class FreezeState(_Told):
    """What a script is told."""

    locked: bool
    since: AwareDatetime | None = None
    why: str = ""
    incident: int | None = None
    """The one that has frozen it longest, of those that have a number for everybody."""
    incidents: tuple[Freezing, ...] = ()
    """The longest first."""
    allowed: tuple[Allowed, ...] | None = None
    """The changes that may pass; ``None`` where people's words are not told."""
    change: Asked | None = None
    says: str
    """All of it in a sentence or two."""

    @property
    def passes(self) -> bool:
        """Whether who asked may go on."""
        return self.change.allowed if self.change is not None else not self.locked


def state(found: Sequence[Frozen], *, change: str = "", told: bool) -> FreezeState:
    """What is told of the incidents that freeze production, the longest first, to somebody who is a member of none.

    ``told`` says whether people's words, names and addresses are. A change may pass where any incident lets it.
    """
    shown = [one for one in found if one.summary is not None]
    asked = None
    said = freeze.says(found, told=told)
    if change:
        asked = Asked(url=change, allowed=not found or _allowed(found, change))
        said = f"{said} {freeze.passes(allowed=asked.allowed)}" if found else said
    return FreezeState(
        locked=bool(found),
        since=min((one.at for one in found), default=None),
        why="; ".join(freeze.cause(one, told=told) for one in found),
        incident=next((one.summary.number for one in shown if one.summary is not None), None),
        incidents=tuple(_one(one, told=told) for one in found),
        allowed=tuple(each for one in shown for each in one.allowed) if told else None,
        change=asked,
        says=said,
    )


def _one(one: Frozen, *, told: bool) -> Freezing:
    found = one.summary
    return Freezing(
        incident=found.number if found is not None else None,
        name=freeze.name(one),
        severity=found.severity if found is not None else None,
        title=found.title if found is not None and told else None,
        since=one.at,
        why=freeze.cause(one, told=told),
    )


def _allowed(found: Sequence[Frozen], change: str) -> bool:
    return any(same(each.url, change) for one in found for each in one.allowed)


def same(one: str, other: str) -> bool:
    """Whether two addresses are of one change: case of scheme and host, a slash at the end and what stands behind ``#``
    do not matter."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("", "", url, "")
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), parts.query)
