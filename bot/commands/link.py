"""Keep an address with the incident."""

import re
from typing import ClassVar, Self

from pydantic import Field

from bot.card import Card, Link
from bot.commands.verb import Verb, Where
from bot.errors import Mistake, Unsaid
from bot.heard import Answer
from bot.incident import Hyperlink
from bot.messages import answers
from bot.scene import Scene
from bot.timeline import Kind

_ADDRESS = re.compile(r"https?://[^\s<>|]+")
MOST = 50
"""Links an incident keeps."""


class AddLink(Verb):
    """Add a link."""

    words: ClassVar = ("link", "linked", "url", "add link")
    usage: ClassVar = "link URL [fix, test, monitor, doc]"
    says: ClassVar = "keep an address with the incident"
    example: ClassVar = "/incident link https://grafana.example/d/42 dashboard"
    where: ClassVar = Where.INCIDENT

    url: str = Field(max_length=2000)
    label: str = Field(default="", max_length=100)

    @classmethod
    def read(cls, rest: str, scene: Scene) -> Self:
        if not rest:
            raise Unsaid(f"Say which address, like `{cls.example}`.")
        url, _, label = rest.partition(" ")
        url = url.strip("<>").split("|")[0]
        if not _ADDRESS.fullmatch(url):
            raise Mistake(f"“{url[:80]}” is no address. Write it whole, like `{cls.example}`.")
        return cls.checked({"url": url, "label": label.strip().strip("[]")})

    async def run(self, scene: Scene) -> Answer | Card | None:
        incident = scene.incident
        if any(link.url == self.url and link.label == self.label for link in incident.links):
            return answers.done("That link is kept already.")
        if len(incident.links) >= MOST:
            raise Mistake(f"{MOST} links are kept already; put this one into a note.")
        incident.links = (*incident.links, Hyperlink(url=self.url, label=self.label))
        named = f"{self.label}: {self.url}" if self.label else self.url
        scene.record(Kind.LINK, f"Link {named}", url=self.url, label=self.label)
        return answers.done("Kept: ", Link(url=self.url, label=self.label or self.url), ".")
