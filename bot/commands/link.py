"""Keep an address with the incident."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot import changes, deadlines
from bot.card import Card, Link
from bot.commands.verb import Verb, Where, unwrapped
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.incident import ADDRESS, LINKS, Hyperlink
from bot.messages import answers, postmortem
from bot.messages import changes as changes_said
from bot.playbook.permissions import Right
from bot.postmortem import acts
from bot.postmortem.kept import State
from bot.scene import Scene
from bot.timeline import Kind

_POSTMORTEM = re.compile(r"\bpost[\s_-]?mortems?\b|\bretro(?:spective)?\b", re.IGNORECASE)
_DOCUMENT = re.compile(r"\bdoc(?:s|ument)?\b|\bwiki\b|\breport\b", re.IGNORECASE)


class AddLink(Verb):
    """Add a link."""

    words: ClassVar = ("link", "linked", "url", "add link")
    usage: ClassVar = "link URL [fix, test, monitor, doc, postmortem]"
    says: ClassVar = "keep an address with the incident; a post-mortem's counts as published"
    example: ClassVar = "/incident link https://grafana.example/d/42 dashboard"
    right: ClassVar = Right.OPEN
    where: ClassVar = Where.INCIDENT

    url: str = Field(max_length=2000)
    label: str = Field(default="", max_length=100)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which address, like `{cls.example}`.")
        url, _, label = unwrapped(rest).partition(" ")
        if not ADDRESS.fullmatch(url):
            raise Mistake(f"“{url[:80]}” is no address. Write it whole, like `{cls.example}`.")
        return cls.checked({"url": url, "label": label.strip().strip("[]")})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        kept = any(link.url == self.url and link.label == self.label for link in incident.links)
        if not kept:
            self._keep(scene)
        asked = changes.linked(scene, self.url, self.label)
        owed, post = deadlines.publication(incident, scene.playbook), acts.kept(scene)
        published = post.state is State.PUBLISHED and post.url == self.url
        if _POSTMORTEM.search(self.label) and not incident.open and (owed is not None or not published):
            follows = await acts.publish(scene, self.url)
            return postmortem.published(incident, scene.playbook, follows=follows)
        if kept:
            return answers.done("That link is kept already.")
        shown = Link(url=self.url, label=self.label or self.url)
        if asked is not None:
            return changes_said.kept(shown, asked=asked)
        if owed is not None and _DOCUMENT.search(self.label):
            return answers.kept_a_document(shown, incident=incident, deadline=owed.name)
        return answers.done("Kept: ", shown, ".")

    def _keep(self, scene: Scene) -> None:
        incident = scene.incident
        if len(incident.links) >= LINKS:
            raise Mistake(f"{LINKS} links are kept already; put this one into a note.")
        incident.links = (*incident.links, Hyperlink(url=self.url, label=self.label))
        named = f"{self.label}: {self.url}" if self.label else self.url
        scene.record(Kind.LINK, f"Link {named}", url=self.url, label=self.label)
