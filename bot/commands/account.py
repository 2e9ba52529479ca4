"""Tell somebody who the bot takes them for, and link their accounts on several platforms."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self

from bot.accounts import CODE_LIVES, MOST_WRONG, Account, known, lacking
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.intents import Urgency, Whisper
from bot.messages import accounts as messages
from bot.messages.answers import mistake, worst
from bot.people import Person, stranger
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.store import Owed

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What codes are made of: nothing that is easily taken for another."""
LENGTH = 8
"""Characters of a code: one of 850 thousand million, of which somebody may try five in a quarter of an hour."""


class WhoAmI(Verb):
    """Show or link one's accounts."""

    words: ClassVar = ("account", "accounts", "whoami", "iam")
    usage: ClassVar = "account [CODE]"
    says: ClassVar = "show who I take you for, and link your accounts"
    example: ClassVar = "/incident account"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.ANYWHERE

    code: str = ""
    unlink: bool = False

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if rest.casefold() == "unlink":
            return cls.checked({"unlink": True})
        code = "".join(letter for letter in rest.upper() if letter.isalnum())
        if rest and (len(code) != LENGTH or set(code) - set(ALPHABET)):
            raise Mistake(
                f"“{rest[:60]}” is no code. `/incident account` gives you one. "
                f"To declare an incident, begin with how bad it is: `/incident {worst(scene.playbook)} …`."
            )
        return cls.checked({"code": code})

    async def run(self, scene: Scene) -> Answer | Card | None:
        heard, actor, platforms = scene.heard, scene.actor, scene.platforms
        handle = heard.actor.on(heard.platform) if heard is not None else None
        if heard is None or handle is None:
            if self.code or self.unlink:
                raise Mistake(f"Here you have no account. Type it on {messages.names(platforms)}.")
            return messages.whoami(actor, (), here=scene.platform, platforms=platforms)
        mine = Account(heard.platform, handle, actor.key, heard.actor.name)
        linked = await scene.work.accounts.of(mine.platform, [mine.handle])
        if self.unlink:
            return await _unlink(scene, linked)
        if self.code:
            return await _link(scene, mine, linked, digest=_digest(self.code))
        code = await _give_code(scene, mine) if lacking(actor, platforms) else ""
        return messages.whoami(actor, linked, here=scene.platform, platforms=platforms, code=code)


async def _give_code(scene: Scene, mine: Account) -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    await scene.work.accounts.give_code(_digest(code), mine, until=scene.now + CODE_LIVES)
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


async def _unlink(scene: Scene, linked: Sequence[Account]) -> Card:
    if not linked:
        raise Mistake("You linked no accounts. Where the playbook names several as yours, it stays so.")
    await scene.work.accounts.unlink(linked[0].person)
    return messages.unlinked(linked)


async def _link(scene: Scene, mine: Account, linked: Sequence[Account], *, digest: str) -> Card:
    accounts, now = scene.work.accounts, scene.now
    if await accounts.wrong_codes(mine.platform, mine.handle, now=now) >= MOST_WRONG:
        raise Mistake("Those were too many wrong codes. You can try again in a quarter of an hour.")
    given = await accounts.code(digest, now=now)
    if given is None:
        await accounts.typed_wrong(mine.platform, mine.handle, now=now, until=now + CODE_LIVES)
        # answered and not raised: a mistake that is raised leaves nothing behind, not even its count
        return mistake("That code is not right, or has run out. `/incident account` on your other platform gives one.")
    if given.platform == mine.platform:
        others = [platform for platform in scene.platforms if platform != mine.platform]
        raise Mistake(f"Type that code on {messages.names(others)}, where your other account is.")
    theirs = await accounts.of(given.platform, [given.handle])
    asker = stranger(given.platform, given.handle, given.name)
    key = _one_key(scene, known(asker, scene.playbook, theirs))
    one = {(each.platform, each.handle): each for each in (mine, given, *linked, *theirs)}
    kept = [replace(each, person=key) for each in one.values()]
    await accounts.link(kept, at=now)
    _meet_again(scene, kept)
    notice = Whisper(person=asker, card=messages.linked_there(mine))
    await scene.work.owe([Owed(f"linked/{digest[:32]}", given.platform, notice, Urgency.ANSWER)])
    return messages.linked(given)


def _one_key(scene: Scene, other: Person) -> str:
    """The key under which the two become one: the playbook's, else that of whoever asked for the code."""
    actor, playbook = scene.actor, scene.playbook
    if actor.key == other.key:
        raise Mistake("These two are one person already; `/incident account` shows it.")
    ours, theirs = playbook.person(actor.key), playbook.person(other.key)
    if ours is not None and theirs is not None:
        raise Mistake(
            f"The playbook knows {ours.name} here and {theirs.name} there. "
            "Whoever looks after it can write both accounts under one name."
        )
    for platform, handle in actor.handles.items():
        if other.on(platform) not in (None, handle):
            raise Mistake(
                f"One of the two is linked with another account on {platform.title()} already. "
                "`/incident account unlink` takes that back first."
            )
    return actor.key if ours is not None else other.key


def _meet_again(scene: Scene, accounts: Sequence[Account]) -> None:
    """Where it was typed in an incident they are one person there at once; elsewhere when they next do something."""
    if scene.heard is not None:
        scene.actor = known(scene.heard.actor, scene.playbook, accounts)
    if scene.here is not None:
        scene.recognise(scene.actor)
