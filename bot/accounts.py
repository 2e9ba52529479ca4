"""Accounts: what people linked by themselves, so that one person has one record on every chat platform.

The playbook's people go before. A link only adds the accounts that the playbook does not speak of.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.people import Person, stranger
from bot.playbook.shape import Playbook

CODE_LIVES = timedelta(minutes=15)
"""How long a code may be typed on the other platform; so long does a wrong one count, too."""
MOST_WRONG = 5
"""Wrong codes that somebody may type in that time before none is looked at any more."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a person who linked it with others."""

    platform: str
    handle: str
    person: str
    """Key of the person; accounts that share it are one person's."""
    name: str
    """What the person is called there."""


class Accounts(Protocol):
    """The links that people made and the codes they were given, within one transaction."""

    async def of(self, platform: str, handles: Collection[str]) -> list[Account]:
        """Every linked account of whoever has one of these, on any platform."""
        ...

    async def link(self, accounts: Sequence[Account], *, at: datetime) -> None:
        """Keep these as they are now; codes that were given to them are void."""
        ...

    async def unlink(self, person: str) -> None:
        """Forget what links the accounts of the person of this key; their codes are void."""
        ...

    async def give_code(self, digest: str, account: Account, *, until: datetime) -> None:
        """Keep a code (its digest) for an account, in place of an earlier one."""
        ...

    async def code(self, digest: str, *, now: datetime) -> Account | None:
        """Whose code it is, locked until the transaction ends; ``None`` where it is nobody's any more or never was."""
        ...

    async def wrong_codes(self, platform: str, handle: str, *, now: datetime) -> int:
        """How many wrong codes were typed from this account and still count."""
        ...

    async def typed_wrong(self, platform: str, handle: str, *, now: datetime, until: datetime) -> None:
        """Count one more; the first of them sets until when they count."""
        ...


class Directory(Protocol):
    """Who knows people: a playbook, or several."""

    def known(self, person: Person) -> Person:
        """The record of a person; the very same where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Several:
    """The people of several playbooks; the first record of somebody counts."""

    playbooks: tuple[Playbook, ...]

    def known(self, person: Person) -> Person:
        """The record that one of them has of a person; the very same where none has one."""
        return next((found for one in self.playbooks if (found := one.known(person)) is not person), person)


def known(person: Person, playbook: Directory, accounts: Iterable[Account] = ()) -> Person:
    """Who somebody is of whom one account is known: the playbook's record, and the accounts that they linked.

    The playbook wins: where it gives an account to somebody else, or another account to this person, the link counts
    no more.
    """
    named = playbook.known(person)
    accounts = list(accounts)
    keys = {one.person for one in accounts if person.on(one.platform) == one.handle}
    mine = [one for one in accounts if one.person in keys]
    if not mine:
        return named
    linked = {one.platform: one.handle for one in mine}
    if named is person:
        name = max((one.name for one in mine), key=len)  # the fuller one: some platforms tell only a short handle
        named = playbook.known(Person(key=mine[0].person, name=name, handles=linked))
    own = {at: handle for at, handle in linked.items() if _free(playbook, at, handle, named)}
    found = named.model_copy(update={"handles": own | named.handles})
    return found if person.handles.items() <= found.handles.items() else playbook.known(person)


def _free(playbook: Directory, platform: str, handle: str, person: Person) -> bool:
    """Whether the playbook gives an account to nobody else."""
    alone = stranger(platform, handle, "")
    owner = playbook.known(alone)
    return owner is alone or owner.key == person.key


def lacking(person: Person, platforms: Iterable[str]) -> list[str]:
    """The platforms on which somebody has no account that we know of."""
    return [platform for platform in platforms if person.on(platform) is None]
