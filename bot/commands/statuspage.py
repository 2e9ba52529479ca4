"""Say how the incident stands on the status page."""

from typing import ClassVar, Self

from bot.card import Card
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.messages import answers, publication
from bot.playbook.permissions import Right
from bot.progress import Public, PublicState
from bot.scene import Scene
from bot.timeline import Kind

STATES = {
    "open": PublicState.OPEN,
    "opened": PublicState.OPEN,
    "published": PublicState.OPEN,
    "resolved": PublicState.RESOLVED,
    "resolve": PublicState.RESOLVED,
    "done": PublicState.RESOLVED,
    "none": PublicState.NONE,
    "nothing": PublicState.NONE,
}
"""What people call each state."""
SAID = {
    PublicState.OPEN: "Status page: a public incident is open",
    PublicState.RESOLVED: "Status page: resolved",
    PublicState.NONE: "Status page: customers saw no incident",
}


class StatusPage(Verb):
    """Note how it stands on the status page."""

    words: ClassVar = ("statuspage", "status page", "public page")
    usage: ClassVar = "statuspage resolved, none or open"
    says: ClassVar = "say how the incident stands on the public status page"
    example: ClassVar = "/incident statuspage resolved"
    right: ClassVar = Right.PUBLISH
    where: ClassVar = Where.INCIDENT

    state: PublicState

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say how it stands there: resolved, none or open, like `{cls.example}`.")
        state = STATES.get(rest.casefold().rstrip(".!"))
        if state is None:
            right = f"Say resolved, none or open, like `{cls.example}`."
            raise Mistake(f"I cannot tell from “{rest[:60]}” how it stands there. {right}")
        return cls.checked({"state": state})

    async def run(self, scene: Scene) -> Answer | Card | None:
        kept = scene.incident.progress.publication
        if kept is not None and kept.told and scene.connected.pages:
            raise Mistake(publication.WRITTEN_HERE)
        public = scene.incident.progress.public
        if public is not None and public.state is self.state:
            return answers.done(f"{public.by} said so already.")
        scene.incident.progress.public = Public(state=self.state, at=scene.now, by=scene.actor.name)
        scene.record(Kind.FACT, SAID[self.state], public=self.state.value)
        return answers.done(f"Noted. {SAID[self.state]}.")
