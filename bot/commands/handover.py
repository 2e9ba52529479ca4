"""Hand a role over: it is offered, and accepted, declined, or kept when nobody answers."""

from typing import ClassVar, Self

from bot import acts
from bot.acts import settle_offer
from bot.card import Card
from bot.commands.role import read_role
from bot.commands.verb import Verb
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.incident import Handover as Offer
from bot.incident import Incident, Offered
from bot.messages import answers
from bot.messages.words import who
from bot.playbook.permissions import Right
from bot.scene import Scene
from bot.timeline import Kind

KEPT = 5
"""How many handovers an incident remembers, for their messages."""


class Handover(Verb):
    """Offer a role to somebody else."""

    words: ClassVar = ("handover", "hand over", "handed over", "transfer")
    usage: ClassVar = "handover ic @bo"
    says: ClassVar = "offer your role to somebody, who accepts or declines"
    example: ClassVar = "/incident handover ic @bo"
    right: ClassVar = Right.ROLES
    people: ClassVar = True

    role: str
    person: str

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which role and to whom, like `{cls.example}`.")
        if rest.startswith(("@", "<@")):
            return cls.checked({"role": scene.playbook.commander, "person": rest})
        role, person = read_role(rest, scene.playbook, example=cls.example)
        if not person:
            raise Unsaid(f"Say to whom, like `/incident handover {role.name} @bo`.")
        return cls.checked({"role": role.name, "person": person})

    def needs(self, scene: Scene) -> tuple[Right, ...]:
        holder = scene.incident.holder(self.role)
        return (Right.OPEN if holder is not None and holder.keys & scene.actor.keys else self.right,)

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident, role = scene.incident, scene.playbook.role(self.role)
        if role is None:
            raise Mistake("I do not know that role.")
        taker, giver = scene.find_person(self.person), incident.holder(role.name)
        if giver is None:
            raise Mistake(f"Nobody is {role.title}. `/incident role {role.name} @{taker.name}` gives it at once.")
        if giver.key == taker.key:
            return answers.done(*who(taker), f" is {role.title} already.")
        last = incident.offers[-1].id if incident.offers else 0
        until = scene.now + scene.playbook.handover
        offer = Offer(id=last + 1, role=role.name, giver=giver, taker=taker, until=until)
        incident.offers = (*incident.offers[-KEPT + 1 :], offer)
        scene.bring(taker)
        scene.record(Kind.ROLE, f"{role.title} offered to {taker.name}", role=role.name)
        return answers.done("Offered to ", *who(taker), ". Until they accept, ", *who(giver), f" stays {role.title}.")


class Accept(Verb):
    """Accept an offered role."""

    words: ClassVar = ("accept", "accepted")
    usage: ClassVar = "accept"
    says: ClassVar = "accept a role that is offered to you"
    example: ClassVar = "/incident accept"
    right: ClassVar = Right.OPEN
    listed: ClassVar = False

    id: int = 0

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"id": rest if rest.isdecimal() else 0})

    async def run(self, scene: Scene) -> Answer | Card | None:
        offer = open_offer(scene.incident, self.id)
        if scene.actor.key != offer.taker.key:
            raise Mistake(f"It is offered to {offer.taker.name}. `/incident take {offer.role}` takes it at once.")
        role = scene.playbook.role(offer.role)
        if role is None:
            raise Mistake("The playbook no longer knows that role.")
        settle_offer(scene.incident, offer, Offered.ACCEPTED)
        acts.assign(scene, role, scene.actor)
        acts.acknowledge(scene)
        return answers.done(f"You are {role.title} now.", incident=scene.incident)


class Decline(Verb):
    """Decline an offered role."""

    words: ClassVar = ("decline", "declined", "refuse")
    usage: ClassVar = "decline"
    says: ClassVar = "decline a role that is offered to you"
    example: ClassVar = "/incident decline"
    right: ClassVar = Right.OPEN
    listed: ClassVar = False

    id: int = 0

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        return cls.checked({"id": rest if rest.isdecimal() else 0})

    async def run(self, scene: Scene) -> Answer | Card | None:
        offer = open_offer(scene.incident, self.id)
        if scene.actor.key not in {offer.taker.key, offer.giver.key}:
            raise Mistake(f"It is offered to {offer.taker.name}; only they can decline.")
        settle_offer(scene.incident, offer, Offered.DECLINED)
        said = "Declined" if scene.actor.key == offer.taker.key else "Took the offer back"
        kept = f"{offer.giver.name} stays {acts.role_title(scene, offer.role)}"
        scene.record(Kind.ROLE, f"{said}: {kept}")
        return answers.done("Declined. ", *who(offer.giver), " keeps it.")


def open_offer(incident: Incident, id: int) -> Offer:
    """The offer of this id (0: the latest) that still waits for its answer; raises ``Mistake``."""
    waiting = [offer for offer in incident.offers if offer.state is Offered.OPEN and id in (0, offer.id)]
    if not waiting:
        raise Mistake("No handover waits for an answer; it may have been answered or have run out.")
    return waiting[-1]
