"""Show what could be told to customers, for copying."""

from typing import ClassVar, Self

from bot import mailing, templates
from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake
from bot.heard import Answer
from bot.messages import drafts
from bot.playbook.part import fold
from bot.playbook.permissions import Right
from bot.scene import Scene


class Draft(Verb):
    """Draft what customers are told."""

    words: ClassVar = ("draft", "drafts")
    usage: ClassVar = "draft [STATUS, email, DEADLINE]"
    says: ClassVar = "show what could be told to customers, for you to copy"
    example: ClassVar = "/incident draft identified"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    about: str = ""
    """A status of the playbook, ``email``, or a deadline that has a draft; where it stands now if left out."""

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        playbook = scene.playbook
        wanted = rest.strip(" :.").casefold()
        own = {fold(name): name for name in (*playbook.templates.customers, templates.EMAIL, "e-mail", "mail")}
        status = playbook.status(wanted)
        name = status.name if status is not None else own.get(fold(wanted), "")
        if wanted and not name:
            known = [*(s.name for s in playbook.statuses), *playbook.templates.customers, templates.EMAIL]
            raise Mistake(f"There is no draft for “{rest[:60]}”. There are {', '.join(dict.fromkeys(known))}.")
        return cls.checked({"about": templates.EMAIL if name in ("e-mail", "mail") else name})

    async def run(self, scene: Scene) -> Answer | Card | None:
        if self.about == templates.EMAIL:
            return mailing.shown(scene)
        return drafts.draft(scene.incident, scene.playbook, self.about or scene.incident.status)
